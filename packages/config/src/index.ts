// The public list of this package. Every name added here is a promise.
export { configSchema } from "./config-schema.ts";
export type { Config } from "./config-schema.ts";
export { createSessionFromConfig } from "./create-session.ts";
export type { ConfigSession, ConfigSessionOptions } from "./create-session.ts";
export { CONFIG_FILES, loadConfig } from "./load-config.ts";
export type { LoadConfigOptions, LoadedConfig } from "./load-config.ts";
export { mcpServerShape } from "./mcp-server-schema.ts";
export type { McpServerConfig } from "./mcp-server-schema.ts";
export { openapiServerShape } from "./openapi-schema.ts";
export type { OpenapiServerConfig } from "./openapi-schema.ts";
export { findSandboxVariant, registerSandboxVariant, sandboxVariants } from "./sandbox-variants.ts";
export type {
  LoadSandboxBackend,
  SandboxBackend,
  SandboxBackendOptions,
} from "./sandbox-variants.ts";
