import type { JsonValue, ToolCallOptions } from "@codemode/core";

import type { SandboxCapabilities } from "./capabilities.ts";
import type { ExecuteResult, LogLine } from "./execute-result.ts";
import type { ExecuteLimits } from "./limits.ts";

/** One tool as a program sees it: the identifier it writes, and the original name that crosses the border. */
export interface GuestTool {
  readonly identifier: string;
  /** Canonical name, `server.tool`. */
  readonly tool: string;
  /** What the program may write too where the name has dots: `resources.read`. */
  readonly path?: string;
}

/**
 * One server as a program sees it: the namespace `identifier`, also `tools.<identifier>`, and the
 * modules `generated/servers/<identifier>` and `generated/mcp/<identifier>` (`server` works there too).
 */
export interface GuestServer {
  readonly server: string;
  readonly identifier: string;
  readonly tools: readonly GuestTool[];
}

/** A module given as source, for example a skill. Imported as `specifier`; prepared like a program. */
export interface GuestModule {
  readonly specifier: string;
  readonly source: string;
}

/** What a program can use besides tools, as a global of that name; host functions `name.*` serve it. */
export type GuestFeature = "artifacts" | "deps" | "skills";

/** What a program can call and import, pinned for one execution. The same `revision` means the same content. */
export interface GuestCatalog {
  readonly revision: string;
  readonly servers: readonly GuestServer[];
  readonly modules: readonly GuestModule[];
  /** Default: none. */
  readonly features?: readonly GuestFeature[];
}

/** One tool call as it comes out of the guest: untrusted but well-formed. */
export interface GuestCall {
  readonly callId: string;
  readonly executionId: string;
  /** As the program named it: canonical, or whatever was given to `tools.call`. */
  readonly tool: string;
  readonly args: JsonValue;
  /** The whole tool result is wanted, not the unwrapped value. */
  readonly raw: boolean;
  /**
   * The skills whose code makes the call, as the guest tells it: ids from the outermost to the
   * innermost, `>` between. Absent of the program's own calls.
   */
  readonly skills?: string;
}

/**
 * Answers a program's tool call with the value it gets. A rejection with a `CodemodeError` becomes
 * the program's `ToolError { tool, code, message, details, retryable }`.
 */
export type GuestToolCaller = (call: GuestCall, options: ToolCallOptions) => Promise<JsonValue>;

/** A function of the host that is no tool: `tools.search`, later `skills.list`. Not counted as a call. */
export interface HostFunction {
  (args: JsonValue, options: HostFunctionOptions): Promise<JsonValue>;
  /** It has as long as its program has, not `toolTimeoutMs`: it runs what programs write. */
  readonly untimed?: boolean;
}

/** What travels with a host function's arguments. */
export interface HostFunctionOptions extends Pick<ToolCallOptions, "signal" | "pause"> {
  readonly executionId: string;
  /** As in `GuestCall`. */
  readonly skills?: string;
}

/** The modules behind `skills/<name>` as checks and errors need them. */
export interface SkillModules {
  /**
   * Names that `skills/<reference>` exports; `undefined` where only running it tells. Rejects with
   * a `CodemodeError` where there is no such module, or it cannot run.
   */
  exports(reference: string): Promise<readonly string[] | undefined>;
  /** The source of a module that was handed out, by the name it has in stacks. */
  source(url: string): string | undefined;
}

/** What an execution tells while it runs. */
export type SandboxEvent =
  | { readonly type: "log"; readonly executionId: string; readonly line: LogLine }
  | {
      readonly type: "call_started";
      readonly executionId: string;
      readonly callId: string;
      readonly tool: string;
      readonly args: JsonValue;
    }
  | {
      /** At most twenty a second for each call. */
      readonly type: "call_progress";
      readonly executionId: string;
      readonly callId: string;
      readonly tool: string;
      readonly progress: number;
      readonly total?: number;
      readonly message?: string;
    }
  | {
      readonly type: "call_ended";
      readonly executionId: string;
      readonly callId: string;
      readonly tool: string;
      readonly ok: boolean;
      readonly durationMs: number;
      readonly errorCode?: string;
    };

/** One program to run. */
export interface ExecuteRequest {
  readonly executionId: string;
  /** TypeScript or JavaScript as the model wrote it. */
  readonly code: string;
  readonly catalog: GuestCatalog;
  readonly callTool: GuestToolCaller;
  /** By the name the guest uses: `tools.search`, `tools.list`, `tools.describe`. */
  readonly hostFunctions: { readonly [name: string]: HostFunction };
  /** What is known of modules that the guest fetches through `skills.load`. */
  readonly skillModules?: SkillModules;
  /** Declarations by canonical name, for `__interfaces` and `__getToolInterface`. Asked for only when the source names one of them. */
  readonly interfaces?: () => { readonly [tool: string]: string };
  /** What differs from the defaults. */
  readonly limits?: Partial<ExecuteLimits>;
  /**
   * A final value over `maxValueBytes` comes whole all the same up to so many, with `valueLength`:
   * the caller keeps it elsewhere. Default: it is `RESULT_TOO_LARGE`.
   */
  readonly maxLargeValueBytes?: number;
  readonly signal?: AbortSignal;
  /** Called as things happen. What it throws is ignored. */
  readonly onEvent?: (event: SandboxEvent) => void;
}

/** Live guest state: variables, functions and imports of the programs run so far. */
export interface SandboxSession extends AsyncDisposable {
  readonly id: string;
  /** `lost`: the guest died; its variables are gone and every further execution says so. */
  readonly state: "ready" | "running" | "lost" | "closed";
  /** One at a time, in order. What the guest does wrong comes back in the result; only misuse rejects. */
  execute(request: ExecuteRequest): Promise<ExecuteResult>;
}

/** What opening a session can set. */
export interface SandboxSessionOptions {
  /** The handle; minted where it is not given. */
  readonly id?: string;
  /** Heap in MiB. Default 128. */
  readonly memoryMb?: number;
  /** Told once when the session dies of anything but its disposal; `why` goes on after "because". */
  readonly onLost?: (why: string) => void;
  /** What the first program can call: the guest takes it in while that program is prepared. */
  readonly catalog?: GuestCatalog;
}

/** Whether programs can run here. */
export type SandboxProbe =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

/** Where programs run. A backend's factory makes one, for example `createIsolatedVmSandbox`. */
export interface Sandbox extends AsyncDisposable {
  /** The name that `sandbox_variant` takes. */
  readonly variant: string;
  readonly capabilities: SandboxCapabilities;
  /** Runs a trivial program. Never rejects. */
  probe(): Promise<SandboxProbe>;
  /** Keeps `count` runners waiting, so that a session opens without a start. */
  prewarm(count: number): Promise<void>;
  /** Rejects with `SANDBOX_UNAVAILABLE` (reason and remedy) or `SANDBOX_DISPOSED`. */
  openSession(options?: SandboxSessionOptions): Promise<SandboxSession>;
}
