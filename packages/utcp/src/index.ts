// The public list of this package. Every name added here is a promise.
export type { ChainResult } from "./chain-result.ts";
export type {
  ChainOptions,
  ClientOptions,
  ManualTemplate,
  RegisterManualResult,
} from "./client-types.ts";
export { CodeModeUtcpClient } from "./code-mode-utcp-client.ts";
export type { UtcpTool } from "./utcp-tool.ts";
