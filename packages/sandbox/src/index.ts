// The public list of this package. Every name added here is a promise.
export type { SandboxCapabilities } from "./capabilities.ts";
export type {
  CallRecord,
  ErrorOrigin,
  ErrorPhase,
  ExecuteResult,
  ExecutionError,
  ExecutionFailure,
  ExecutionSuccess,
  LogLine,
  StoredResult,
} from "./execute-result.ts";
export { createChannelSandbox } from "./channel-sandbox.ts";
export type { ChannelSandboxOptions } from "./channel-sandbox.ts";
export { DEFAULT_LIMITS, DEFAULT_MEMORY_MB } from "./limits.ts";
export type { ExecuteLimits } from "./limits.ts";
export { HELPER_DECLARATIONS, HELPER_NAMES, HELPERS_SPECIFIER } from "./helpers.ts";
export { GUEST_DECLARATIONS } from "./guest-declarations.ts";
export { mayNestDeeply, runInChild } from "./prepare/deep-source.ts";
export { SKILL_DECLARATIONS } from "./skill-declarations.ts";
export { moduleTraceback } from "./module-origin.ts";
export { skillOf } from "./skill-of.ts";
export { prepareModule, prepareProgram } from "./prepare-program.ts";
export type {
  PreparedProgram,
  PrepareFailure,
  PrepareResult,
  ProgramImport,
  SourcePosition,
} from "./prepared-program.ts";
export { runnerSource } from "./runner-source.ts";
export { createProcessChannel } from "./process-channel.ts";
export { spawnWatched } from "./spawn-watched.ts";
export type { WatchedOptions } from "./spawn-watched.ts";
export type { ProcessChannelOptions } from "./process-channel.ts";
export type { StartFailure } from "./start-guest.ts";
export type { RunnerPoolOptions } from "./runner-pool.ts";
export type { ChannelExit, SandboxChannel } from "./sandbox-channel.ts";
export type {
  ExecuteRequest,
  GuestCall,
  GuestCatalog,
  GuestFeature,
  GuestModule,
  GuestServer,
  GuestTool,
  GuestToolCaller,
  HostFunction,
  HostFunctionOptions,
  Sandbox,
  SandboxEvent,
  SandboxProbe,
  SandboxSession,
  SandboxSessionOptions,
  SkillModules,
} from "./sandbox.ts";
