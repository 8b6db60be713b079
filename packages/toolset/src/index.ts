// The public list of this package. Every name added here is a promise.
export { createToolset } from "./toolset.ts";
export type { Toolset, ToolsetOptions } from "./toolset.ts";
export type { ToolsetCallOptions, ToolsetResult, ToolsetTool } from "./toolset-tool.ts";
