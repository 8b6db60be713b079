// The public list of this package. Every name added here is a promise.
export type { UtcpCallable, UtcpCallables } from "./direct-call.ts";
export type { PostProcessor } from "./post-process.ts";
export { findVariables } from "./substitute.ts";
export { createUtcpAdapter, manualName } from "./utcp-adapter.ts";
export type { UtcpAdapter, UtcpAdapterOptions } from "./utcp-adapter.ts";
export { loadUtcpConfig, readUtcpConfig } from "./utcp-config.ts";
export type { UtcpConfig, UtcpConfigOptions } from "./utcp-config.ts";
export { createVariableSource } from "./variable-source.ts";
export type { VariableSource, VariableSourceOptions } from "./variable-source.ts";
