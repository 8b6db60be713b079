// The toolset as an MCP server.
export { ASK_THE_CLIENT } from "./mcp/client-questions.ts";
export { createMcpServer } from "./mcp/mcp-server.ts";
export type { McpServerOptions } from "./mcp/mcp-server.ts";
export { serveMcpHttp } from "./mcp/serve-http.ts";
export type { McpHttpOptions, McpHttpServer } from "./mcp/serve-http.ts";
export { serveMcp } from "./mcp/serve-mcp.ts";
export type { ServeMcpOptions } from "./mcp/serve-mcp.ts";
export { serveMcpStdio } from "./mcp/serve-stdio.ts";
export type { McpStdioServer } from "./mcp/serve-stdio.ts";
