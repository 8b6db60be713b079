// The public list of this package. Every name added here is a promise.
export { logIn, logOut } from "./auth/login.ts";
export type { LoginOptions } from "./auth/login.ts";
export { createFileVault } from "./auth/token-vault.ts";
export type { StoredLogin, TokenVault } from "./auth/token-vault.ts";
export { createMcpAdapter } from "./mcp-adapter.ts";
export type {
  ClientServerOptions,
  HttpServerOptions,
  McpAdapterOptions,
  McpClientLike,
  McpServerOptions,
  OAuthOptions,
  ProtocolEra,
  StdioServerOptions,
} from "./mcp-options.ts";
