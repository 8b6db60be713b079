// The public list of this package. Every name added here is a promise.
export { configSchema, findSandboxVariant, SANDBOX_VARIANTS } from "./config-schema.ts";
export type { Config, SandboxVariant } from "./config-schema.ts";
export { createSessionFromConfig } from "./create-session.ts";
export type { ConfigSession, ConfigSessionOptions } from "./create-session.ts";
export { CONFIG_FILES, loadConfig } from "./load-config.ts";
export type { LoadConfigOptions, LoadedConfig } from "./load-config.ts";
export { mcpServerShape } from "./mcp-server-schema.ts";
export type { McpServerConfig } from "./mcp-server-schema.ts";
