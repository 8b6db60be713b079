// The public list of this package. Every name added here is a promise.
export { createToolIndex } from "./tool-index.ts";
export type { ToolHit, ToolIndex, ToolSearchOptions, ToolSearchResult } from "./tool-index.ts";
