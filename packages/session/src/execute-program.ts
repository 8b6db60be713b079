import { hash, randomUUID } from "node:crypto";

import type { CodemodeError, Diagnostic, ToolCaller, ToolRegistry } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";
import type {
  ExecuteRequest,
  ExecuteResult,
  ExecutionFailure,
  GuestCatalog,
  HostFunction,
} from "@codemode/sandbox";

import type { AuditRecord } from "./audit.ts";
import { toGuestToolCaller } from "./call-tool.ts";
import { withCatalogHints } from "./error-hints.ts";
import type { GuestLease } from "./guest-leases.ts";
import type { Guests } from "./guests.ts";
import type { ExecuteOptions, SessionOptions } from "./session.ts";
import type { ForkGuests } from "./skills/fork-guests.ts";
import { createSkillForks } from "./skills/skill-forks.ts";
import type { SkillRuntime } from "./skills/skill-runtime.ts";
import type { LargeResults } from "./store-result.ts";
import { storeLargeValue } from "./store-result.ts";
import type { ToolFinder } from "./tool-finder.ts";

/** What every execution of one session shares. */
export interface ExecutionParts {
  readonly registry: ToolRegistry;
  readonly guests: Guests;
  /** For skills that run beside the program. */
  readonly forkGuests: ForkGuests;
  readonly finder: ToolFinder;
  readonly bindings: () => GuestCatalog;
  readonly newToolCaller: () => ToolCaller;
  readonly hostFunctions: { readonly [name: string]: HostFunction };
  readonly skills: SkillRuntime | undefined;
  readonly limits: SessionOptions["limits"];
  readonly largeResults: LargeResults | undefined;
  readonly defaultGuest: "fresh" | "shared";
  readonly onAudit: ((record: AuditRecord) => void) | undefined;
}

/** Runs one program in the guest it asks for. */
export async function executeProgram(
  parts: ExecutionParts,
  code: string,
  options: ExecuteOptions,
): Promise<ExecuteResult> {
  const start = performance.now();
  const executionId = randomUUID();
  const result = await runInGuest(parts, { code, executionId, start }, options);
  parts.onAudit?.({
    type: "execution",
    executionId,
    session: result.session,
    at: Date.now(),
    durationMs: result.durationMs,
    ok: result.ok,
    ...(result.ok ? {} : { errorCode: result.error.code }),
    toolCalls: result.calls.length,
    codeHash: hash("sha256", code),
  });
  return result;
}

interface Program {
  readonly code: string;
  readonly executionId: string;
  readonly start: number;
}

async function runInGuest(
  parts: ExecutionParts,
  program: Program,
  options: ExecuteOptions,
): Promise<ExecuteResult> {
  const { registry, finder } = parts;
  try {
    using lease = await leaseGuest(parts, options);
    const given = await runWithSkills(parts, lease, toRequest(parts, program, options));
    const isLarge = given.ok && given.valueLength !== undefined && parts.largeResults;
    const result = isLarge ? await storeLargeValue(given, isLarge) : given;
    const more = [...lease.warnings, ...changedTools(result.calls, registry)];
    const warnings = more.length === 0 ? result.warnings : [...more, ...result.warnings];
    if (result.ok) return more.length === 0 ? result : { ...result, warnings };
    return { ...result, warnings, error: withCatalogHints(result, registry, finder) };
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    return failure(error, program, options.session);
  }
}

/** Some skills run in guests beside the program's. */
async function runWithSkills(
  { forkGuests, skills }: ExecutionParts,
  { guest }: GuestLease,
  request: ExecuteRequest,
): Promise<ExecuteResult> {
  if (!skills) return guest.execute(request);
  const forks = createSkillForks({ guests: forkGuests, skills }, request);
  return forks.finish(await guest.execute(forks.request));
}

/** Tools it called that are not what they were: whoever wrote the program may have read the old ones. */
function changedTools(
  calls: ExecuteResult["calls"],
  registry: ToolRegistry,
): readonly Diagnostic[] {
  if (calls.length === 0) return [];
  const called = new Set(calls.map(({ tool }) => tool));
  return Array.from(called, (tool) => registry.toolChange(tool)).filter(
    (change) => change !== undefined,
  );
}

function leaseGuest(
  parts: ExecutionParts,
  { session, signal }: ExecuteOptions,
): Promise<GuestLease> | GuestLease {
  if (session !== undefined) return parts.guests.resume(session);
  return parts.defaultGuest === "shared" ? parts.guests.shared(signal) : parts.guests.open(signal);
}

function toRequest(
  parts: ExecutionParts,
  { code, executionId }: Program,
  { timeoutMs, signal, onEvent, onElicit, onSample }: ExecuteOptions,
): ExecuteRequest {
  const handlers = { ...(onElicit ? { onElicit } : {}), ...(onSample ? { onSample } : {}) };
  return {
    executionId,
    code,
    catalog: parts.bindings(),
    callTool: toGuestToolCaller(parts.newToolCaller(), parts, handlers),
    hostFunctions: parts.hostFunctions,
    ...(parts.skills && { skillModules: parts.skills.modules }),
    interfaces: () => declarations(parts.registry, parts.finder),
    ...(parts.largeResults && { maxLargeValueBytes: parts.largeResults.maxBytes }),
    limits: { ...parts.limits, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  };
}

function declarations(
  registry: ToolRegistry,
  finder: ToolFinder,
): { readonly [tool: string]: string } {
  const tools = registry.list({ includeDeferred: true });
  return Object.fromEntries(
    tools.map(({ canonicalName }) => [canonicalName, finder.describe(canonicalName).declaration]),
  );
}

/** No guest ran: the handle is gone, or the sandbox cannot start. */
function failure(
  error: CodemodeError,
  program: Program,
  session: string | undefined,
): ExecutionFailure {
  return {
    ok: false,
    error: {
      phase: "sandbox",
      code: error.code,
      name: error.name,
      message: error.message,
      hints: [],
    },
    logs: [],
    calls: [],
    warnings: [],
    // A handle that leads nowhere is not handed back.
    session: error.code === "SESSION_NOT_FOUND" ? "" : (session ?? ""),
    executionId: program.executionId,
    durationMs: performance.now() - program.start,
  };
}
