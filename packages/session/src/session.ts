import type {
  JsonValue,
  QuestionHandlers,
  ToolCallOptions,
  ToolDefinition,
  ToolRegistry,
  ToolResult,
} from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type {
  ExecuteLimits,
  ExecuteResult,
  GuestCatalog,
  GuestFeature,
  Sandbox,
  SandboxEvent,
} from "@codemode/sandbox";
import { DEFAULT_LIMITS } from "@codemode/sandbox";
import type { SkillStore } from "@codemode/skills";
import type { ArtifactStore } from "@codemode/storage";

import { createArtifactFunctions } from "./artifact-functions.ts";
import type { AuditRecord } from "./audit.ts";
import { createBindings } from "./bindings.ts";
import { createToolCallers } from "./call-tool.ts";
import { checkExecuteOptions, checkSessionOptions } from "./check-options.ts";
import { callDirectly } from "./direct-call.ts";
import type { ExecutionParts } from "./execute-program.ts";
import { executeProgram } from "./execute-program.ts";
import type { GuestOptions } from "./guests.ts";
import { createGuests } from "./guests.ts";
import { createHostFunctions } from "./host-functions.ts";
import type { RuntimeDeps } from "./runtime-deps.ts";
import { createDepsFunctions } from "./runtime-deps.ts";
import { createForkGuests } from "./skills/fork-guests.ts";
import { guardFunctions } from "./skills/guard-functions.ts";
import { createSkillRuntime } from "./skills/skill-runtime.ts";
import { LARGE_VALUE_TTL_SECONDS, MAX_LARGE_VALUE } from "./store-result.ts";
import type { ToolFinder } from "./tool-finder.ts";
import { createToolFinder } from "./tool-finder.ts";

/** What a session is made of. */
export interface SessionOptions {
  readonly registry: ToolRegistry;
  readonly sandbox: Sandbox;
  /** What differs from the defaults, for every execution. */
  readonly limits?: Partial<ExecuteLimits>;
  /** Heap of one guest in MiB. Default 128. */
  readonly memoryMb?: number;
  /** Tool calls one execution may make. Default: no cap. */
  readonly maxToolCalls?: number;
  /**
   * What `execute` does without a handle. `fresh` (default): a new guest, whose handle is in the
   * result. `shared`: one guest for the whole session, for a front end with a single user.
   */
  readonly defaultGuest?: "fresh" | "shared";
  /** Guests alive at once; the one idle for longest makes room. Default 32. */
  readonly maxGuests?: number;
  /** How long an execution waits where all guests run a program; then `SESSION_LIMIT`. Default 10 000. */
  readonly acquireTimeoutMs?: number;
  /** A guest unused for so long is closed; its handle is `SESSION_LOST`. Default 15 minutes. */
  readonly guestIdleMs?: number;
  /** What programs use as `artifacts`. Not disposed with the session. Default: they have none. */
  readonly artifacts?: ArtifactStore;
  /**
   * How long a final value over `limits.maxValueBytes` is kept as the artifact `results/<execution>`.
   * Default a day; 0: it is `RESULT_TOO_LARGE`, as where there are no artifacts.
   */
  readonly largeResultTtlSeconds?: number;
  /** What programs install with `deps`, or why they cannot. Default: they may not (`DEPS_DISABLED`). */
  readonly deps?: RuntimeDeps | { readonly disabled: string };
  /** What programs import as `skills/<name>` and call as `skills.<name>()`. Not disposed with the session. */
  readonly skills?: SkillStore;
  /** Its programs test skills: modules in `tests/` run beside `test` and `expect`, limited or not. Default `false`. */
  readonly testsSkills?: boolean;
  /** Told of every execution and every tool call. What it throws is ignored. */
  readonly onAudit?: (record: AuditRecord) => void;
}

/** What one execution can set, and who answers what its tools ask. */
export interface ExecuteOptions extends QuestionHandlers {
  /** Handle of an earlier result: go on with its variables. */
  readonly session?: string;
  /** Wall time. Default: the session's `limits.timeoutMs`. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Logs and tool calls as they happen. */
  readonly onEvent?: (event: SandboxEvent) => void;
}

/** What a search looks at. */
export interface SearchToolsOptions {
  /** Only this server's tools. */
  readonly server?: string;
  /** Default 8, at most 50. */
  readonly limit?: number;
  /** Default `true`. */
  readonly includeDeferred?: boolean;
}

/** One found tool, as a model needs it. */
export interface ToolMatch {
  /** Canonical name. */
  readonly name: string;
  /** The call as a program writes it: `github.get_issue(input: { owner: string; ... }): Promise<...>`. */
  readonly signature: string;
  /** First sentence of the description. */
  readonly summary: string;
  readonly deferred: boolean;
  readonly score: number;
}

/** What a search found, best first. `total` counts all that matched. */
export interface SearchToolsResult {
  readonly matches: readonly ToolMatch[];
  readonly total: number;
  /** What to try when little or nothing was found. */
  readonly hint?: string;
}

/** All there is to know of one tool. */
export interface ToolDetails {
  readonly definition: ToolDefinition;
  readonly signature: string;
  /** TypeScript declaration with docs, as a program sees the tool. */
  readonly declaration: string;
  /** The two import lines that work. */
  readonly imports: readonly string[];
}

/** A direct call's answer: the value a program would get, and the whole result. */
export interface DirectCallResult {
  readonly value: JsonValue;
  readonly result: ToolResult;
}

/** One agent's session: the catalog, a sandbox, and the rules between them. */
export interface Session extends AsyncDisposable {
  readonly registry: ToolRegistry;
  /** Where programs, large results and front ends keep data; absent where no store is configured. */
  readonly artifacts: ArtifactStore | undefined;
  /** What programs and front ends use, save and run; absent where skills are off. */
  readonly skills: SkillStore | undefined;
  /** What goes wrong in the program comes back in the result; only misuse (a disposed session, wrong options) rejects. */
  execute(code: string, options?: ExecuteOptions): Promise<ExecuteResult>;
  /** Several phrasings of one need are one search. Throws `SERVER_NOT_FOUND` with a suggestion. */
  searchTools(query: string | readonly string[], options?: SearchToolsOptions): SearchToolsResult;
  /** Any spelling of the name. Throws `TOOL_NOT_FOUND` with a suggestion. */
  describeTool(name: string): ToolDetails;
  /** The same path as a program's call: validation, budget, audit. Rejects with a `CodemodeError`. */
  callTool(
    name: string,
    args: JsonValue,
    options?: Partial<ToolCallOptions>,
  ): Promise<DirectCallResult>;
  /** Ends one guest. An unknown handle is fine. */
  closeGuest(handle: string): Promise<void>;
}

const GUEST_IDLE_MS = 15 * 60_000;

/**
 * Composes a registry and a sandbox into what an agent uses. Neither is disposed with the session. Throws
 * `CONFIG_INVALID` for options that are none, or that no limit can be: `NaN`, a text, less than nothing.
 */
export function createSession(options: SessionOptions): Session {
  checkSessionOptions(options);
  const { registry, limits } = options;
  const onAudit = options.onAudit && withoutFailing(options.onAudit);
  const finder = createToolFinder(registry);
  const newToolCaller = createToolCallers({
    registry,
    ...(onAudit === undefined ? {} : { onAudit }),
    ...(options.maxToolCalls === undefined ? {} : { maxToolCalls: options.maxToolCalls }),
  });
  const bindings = createBindings(registry, featuresOf(options));
  const opening = openingOf(options, bindings);
  const guests = createGuests({
    ...opening,
    guestIdleMs: options.guestIdleMs ?? GUEST_IDLE_MS,
    onLost: (lost, why) => onAudit?.({ type: "session_lost", session: lost, at: Date.now(), why }),
  });
  const forkGuests = createForkGuests(opening);
  const parts: ExecutionParts = {
    registry,
    guests,
    forkGuests,
    finder,
    bindings,
    newToolCaller,
    ...hostFunctionsOf(options, finder),
    limits,
    largeResults: largeResultsOf(options),
    defaultGuest: options.defaultGuest ?? "fresh",
    onAudit,
  };
  let closed = false;
  const assertOpen = (): void => {
    if (!closed) return;
    throw new CodemodeError("SANDBOX_DISPOSED", "This session is closed. Create a new one.");
  };

  return {
    registry,
    artifacts: options.artifacts,
    skills: options.skills,
    async execute(code, executeOptions = {}) {
      assertOpen();
      checkExecuteOptions(code, executeOptions);
      return executeProgram(parts, code, executeOptions);
    },
    searchTools: (query, searchOptions) => finder.search(query, searchOptions),
    describeTool: (name) => finder.describe(name),
    async callTool(name, args, callOptions = {}) {
      assertOpen();
      const { toolTimeoutMs: deadlineMs = DEFAULT_LIMITS.toolTimeoutMs } = limits ?? {};
      const path = { registry, callTool: newToolCaller(), deadlineMs };
      return callDirectly(path, { name, args, options: callOptions });
    },
    closeGuest: (handle) => guests.close(handle),
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([guests, forkGuests].map((all) => all[Symbol.asyncDispose]()));
    },
  };
}

/** How guests are opened, those of programs and those of skills. */
function openingOf(
  { sandbox, memoryMb, maxGuests = 32, acquireTimeoutMs = 10_000 }: SessionOptions,
  catalog: () => GuestCatalog,
): Omit<GuestOptions, "guestIdleMs" | "onLost"> {
  const memory = memoryMb === undefined ? {} : { memoryMb };
  return { sandbox, catalog, maxGuests, acquireTimeoutMs, ...memory };
}

function featuresOf({ artifacts, skills }: SessionOptions): readonly GuestFeature[] {
  // Always: where they are off, their functions say why.
  const features: GuestFeature[] = ["deps"];
  if (artifacts) features.push("artifacts");
  if (skills) features.push("skills");
  return features;
}

function largeResultsOf({
  artifacts,
  largeResultTtlSeconds: ttlSeconds = LARGE_VALUE_TTL_SECONDS,
}: SessionOptions): ExecutionParts["largeResults"] {
  if (!artifacts || ttlSeconds <= 0) return undefined;
  return { artifacts, ttlSeconds, maxBytes: MAX_LARGE_VALUE };
}

function hostFunctionsOf(
  { registry, artifacts, skills, testsSkills = false, deps, limits }: SessionOptions,
  finder: ToolFinder,
): Pick<ExecutionParts, "hostFunctions" | "skills"> {
  const runtime = skills && createSkillRuntime(skills, testsSkills);
  const hostFunctions = {
    ...createHostFunctions(registry, finder),
    ...createDepsFunctions(deps),
    ...(artifacts && createArtifactFunctions(artifacts, limits?.maxToolResultBytes)),
    ...runtime?.hostFunctions,
  };
  if (!runtime) return { hostFunctions, skills: undefined };
  return { hostFunctions: guardFunctions(hostFunctions, runtime.rules), skills: runtime };
}

/** The trail's keeper may fail; the program must not fail with it. */
function withoutFailing(tell: (record: AuditRecord) => void): (record: AuditRecord) => void {
  return (record) => {
    try {
      tell(record);
    } catch {
      // There is nobody to tell of a failed teller.
    }
  };
}
