// The public list of this package. Every name added here is a promise.
export { CLIENT_NAMES } from "./clients/client-files.ts";
export type { ClientName } from "./clients/client-files.ts";
export { importIntoConfig } from "./clients/import-into-config.ts";
export type { ImportOptions, ImportOutcome } from "./clients/import-into-config.ts";
export { installInto } from "./clients/install-into.ts";
export type { InstallOptions, InstallOutcome } from "./clients/install-into.ts";
export { configSchema } from "./config-schema.ts";
export type { Config } from "./config-schema.ts";
export { toHttpOptions } from "./http-config.ts";
export type { HttpOptions } from "./http-config.ts";
export { createSessionFromConfig } from "./create-session.ts";
export type { ConfigSession, ConfigSessionOptions } from "./create-session.ts";
export { createArtifactsFromConfig } from "./create-artifacts.ts";
export { createSkillsFromConfig } from "./create-skills.ts";
export type { ConfigSkillsOptions } from "./create-skills.ts";
export { createStorageFromConfig } from "./create-storage.ts";
export { CONFIG_FILES } from "./find-config-file.ts";
export { loadConfig } from "./load-config.ts";
export type { LoadConfigOptions, LoadedConfig } from "./load-config.ts";
export { mcpServerShape } from "./mcp-server-schema.ts";
export type { McpServerConfig } from "./mcp-server-schema.ts";
export { openapiServerShape } from "./openapi-schema.ts";
export type { OpenapiServerConfig } from "./openapi-schema.ts";
export { logInToServer, logOutOfServer } from "./server-login.ts";
export type { ServerLoginOptions } from "./server-login.ts";
export { findSandboxVariant, registerSandboxVariant, sandboxVariants } from "./sandbox-variants.ts";
export type {
  LoadSandboxBackend,
  SandboxBackend,
  SandboxBackendOptions,
} from "./sandbox-variants.ts";
