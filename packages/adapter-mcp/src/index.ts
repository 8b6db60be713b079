// The public list of this package. Every name added here is a promise.
export { createMcpAdapter } from "./mcp-adapter.ts";
export type {
  ClientServerOptions,
  HttpServerOptions,
  McpAdapterOptions,
  McpClientLike,
  McpServerOptions,
  ProtocolEra,
  StdioServerOptions,
} from "./mcp-options.ts";
