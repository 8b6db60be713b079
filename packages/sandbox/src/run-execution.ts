import type { CodemodeError, Diagnostic, JsonValue } from "@codemode/core";

import type { CallRecord, ExecuteResult, ExecutionError } from "./execute-result.ts";
import { guestError, hostError } from "./execution-error.ts";
import type { HostTimer } from "./host-timer.ts";
import { createHostTimer } from "./host-timer.ts";
import type { ExecuteLimits } from "./limits.ts";
import type { LogCollector } from "./log-collector.ts";
import { createLogCollector } from "./log-collector.ts";
import type { PreparedProgram } from "./prepared-program.ts";
import type { EndFrame, GuestFrame } from "./protocol.ts";
import { encodeAbort, encodeBudget, encodeExecute, encodeQuestion } from "./protocol.ts";
import type { ChannelExit, SandboxChannel } from "./sandbox-channel.ts";
import type { ExecuteRequest, SandboxEvent } from "./sandbox.ts";
import type { CallServer, ServeCallsOptions } from "./serve-calls.ts";
import { createCallServer } from "./serve-calls.ts";
import { moduleSources } from "./skill-imports.ts";
import {
  cancelled,
  computedTooLong,
  exitError,
  LOST_AFTERWARDS,
  protocolBroken,
  stillRunning,
  timedOut,
  unawaited,
  unhandled,
} from "./stop-reasons.ts";
import type { Stopper } from "./stopper.ts";
import { createStopper } from "./stopper.ts";

/** One prepared program on its way into a guest. */
export interface Execution {
  readonly request: ExecuteRequest;
  readonly program: PreparedProgram;
  readonly limits: ExecuteLimits;
  /** Names the source in stacks. */
  readonly number: number;
  readonly session: string;
  /** Gives the guest its catalog; absent where it has it. */
  readonly catalogLine: string | undefined;
}

/** A running execution, fed with what comes out of the guest. */
export interface RunningExecution {
  /** Settles when the guest is idle again or gone. Never rejects. */
  readonly result: Promise<ExecuteResult>;
  onFrame(frame: GuestFrame): void;
  onExit(exit: ChannelExit): void;
}

/** How an execution ended, before it is put into words. */
type Outcome = ({ readonly frame: EndFrame } | { readonly error: ExecutionError }) & {
  /** Calls that were running when it was decided. */
  readonly left?: readonly string[];
};

/** Sends a program into a guest and sees it to its end. */
export function runExecution(channel: SandboxChannel, execution: Execution): RunningExecution {
  const { request, limits, session } = execution;
  const { executionId } = request;
  const start = performance.now();
  const elapsed = (): number => performance.now() - start;
  const settled = Promise.withResolvers<ExecuteResult>();
  const warnings: Diagnostic[] = [];
  let outcome: Outcome | undefined;

  // Before all else: the guest wakes while the host gets ready to serve it.
  channel.send(programFrames(execution));
  const stopper = startStopper(channel, execution, start);
  const { clock } = stopper;
  const parts = createParts(channel, execution, { elapsed, pause: clock.pause });
  const { logs } = parts;

  const decide = (next: Outcome): void => {
    if (outcome) return;
    const left = parts.end();
    outcome = { ...next, left };
    if ("frame" in next && !next.frame.error && left.length > 0) warnings.push(unawaited(left));
    // A guest that has answered and does not come to rest is stuck.
    stopper.expectRest();
  };
  const fail = (error: CodemodeError): void => decide({ error: hostError(error) });
  const finish = (lost: boolean): void => {
    if (!outcome) return;
    stopper.end();
    if (lost && "frame" in outcome) warnings.push(LOST_AFTERWARDS);
    const made = { logs: logs.lines, calls: parts.records(), warnings, session, executionId };
    settled.resolve({ ...toOutcome(outcome, execution), ...made, durationMs: elapsed() });
  };
  const violate = (what: string): void => {
    fail(protocolBroken(what));
    channel.kill();
  };
  const onProgramFrame = (frame: ProgramFrame): void => {
    const broken = frame.id === executionId ? undefined : "an unknown execution";
    // What comes after the end has been refused in the guest already.
    if (outcome && !broken) return;
    const violation = broken ?? takeFrame(frame, parts);
    if (violation !== undefined) violate(violation);
    else if (frame.type === "end") {
      warnings.push(...endWarnings(frame, logs));
      decide({ frame });
    }
  };
  return {
    result: settled.promise,
    onFrame(frame) {
      if ("id" in frame) onProgramFrame(frame);
      else if (frame.type === "rejection") warnings.push(...unhandled(frame.message));
      else {
        if (frame.type === "timeout")
          fail(stopper.reason() ?? timeoutReason(limits, clock.elapsedMs()));
        finish(false);
      }
    },
    onExit(exit) {
      fail(exitError(exit, stopper.reason()));
      finish(true);
    },
  };
}

/** What serves the frames of one execution; what serves calls and the timer is made when the first comes. */
interface ExecutionParts {
  readonly logs: LogCollector;
  calls(): CallServer;
  timer(): HostTimer;
  readonly records: () => readonly CallRecord[];
  /** Nothing is served any more. The names of the calls that nobody waited for. */
  end(): readonly string[];
}

function createParts(
  channel: SandboxChannel,
  { request, limits }: Execution,
  time: Pick<ServeCallsOptions, "elapsed" | "pause">,
): ExecutionParts {
  const { executionId, onEvent } = request;
  const emit = (event: SandboxEvent): void => tell(onEvent, event);
  const send = (frame: string): void => channel.send(frame);
  let calls: CallServer | undefined;
  let timer: HostTimer | undefined;
  return {
    logs: createLogCollector(limits.maxLogBytes, (line) =>
      emit({ type: "log", executionId, line }),
    ),
    calls: () => (calls ??= createCallServer({ request, limits, ...time, emit, send })),
    timer: () => (timer ??= createHostTimer(send)),
    // No getter: an object literal with one gets a hidden class of its own each time, which lives,
    // with all that is reachable from here, until the next full garbage collection.
    records: () => calls?.records ?? [],
    end() {
      timer?.clear();
      return calls?.end() ?? [];
    },
  };
}

type ProgramFrame = Extract<GuestFrame, { id: string }>;

/** Passes a frame to what serves it; gives what is wrong with one that no intact guest sends. */
function takeFrame(frame: ProgramFrame, parts: ExecutionParts): string | undefined {
  if (frame.type === "calls") parts.calls().serve(frame);
  else if (frame.type === "logs" && !parts.logs.add(frame.lines)) return "too many logs";
  else if (frame.type === "wake") parts.timer().start(frame);
  return undefined;
}

function endWarnings(frame: EndFrame, logs: LogCollector): readonly Diagnostic[] {
  const dropped = logs.end(frame.tail, frame.dropped);
  const converted = frame.warnings.map((message) => ({ code: "VALUE_CONVERTED", message }));
  return dropped ? [...converted, dropped] : converted;
}

function startStopper(
  channel: SandboxChannel,
  { request, limits }: Execution,
  startedAt: number,
): Stopper {
  return createStopper({
    startedAt,
    timeoutMs: limits.timeoutMs,
    signal: request.signal,
    askWhetherStalled: () => channel.send(encodeQuestion(request.executionId)),
    giveTime: (ms) => channel.send(encodeBudget(limits.computeMs, ms)),
    onDeadline: () => timedOut(limits),
    onCancel: () => cancelled(request.signal),
    abort: ({ code, message }) =>
      channel.send(encodeAbort({ id: request.executionId, code, message })),
    kill: () => channel.kill(),
  });
}

/**
 * Catalog and program for the guest, the budget for the runner, in one go. The budget is the
 * program's alone: a catalog that was cut off by it would be taken for the program's end.
 */
function programFrames({ request, program, limits, number, catalogLine }: Execution): string {
  const interfaces = program.usesInterfaces ? request.interfaces?.() : undefined;
  const frame = encodeExecute({
    id: request.executionId,
    number,
    script: program.script,
    ...(interfaces ? { interfaces } : {}),
    ...(program.places ? { places: program.places } : {}),
    maxValueLength: Math.max(limits.maxValueBytes, request.maxLargeValueBytes ?? 0),
    maxLogLength: limits.maxLogBytes,
  });
  const budget = encodeBudget(limits.computeMs, limits.timeoutMs);
  return [...(catalogLine === undefined ? [] : [catalogLine]), budget, frame].join("\n");
}

type OutcomeFields =
  | Pick<Extract<ExecuteResult, { ok: true }>, "ok" | "value" | "valueLength">
  | Pick<Extract<ExecuteResult, { ok: false }>, "ok" | "error">;

// By so much the runner's clock may be ahead of ours.
const CLOCKS_MS = 20;

function timeoutReason(limits: ExecuteLimits, elapsedMs: number): CodemodeError {
  const isAtEnd =
    elapsedMs >= limits.timeoutMs - CLOCKS_MS || elapsedMs < limits.computeMs - CLOCKS_MS;
  return isAtEnd ? timedOut(limits) : computedTooLong(limits);
}

function toOutcome(outcome: Outcome, execution: Execution): OutcomeFields {
  const fields = toFields(outcome, execution);
  const { left = [] } = outcome;
  if (fields.ok || fields.error.code !== "TIMEOUT" || left.length === 0) return fields;
  const { error } = fields;
  return { ok: false, error: { ...error, hints: [...error.hints, stillRunning(left)] } };
}

function toFields(outcome: Outcome, execution: Execution): OutcomeFields {
  if ("error" in outcome) return { ok: false, error: outcome.error };
  const { frame } = outcome;
  const { request, program, number, limits } = execution;
  if (!frame.error) {
    const isLarge = frame.length > limits.maxValueBytes && request.maxLargeValueBytes !== undefined;
    return isLarge ? largeValue(frame.value, limits) : { ok: true, value: frame.value };
  }
  const error = guestError(frame.error, request.code, {
    program,
    number,
    findModule: moduleSources(request),
  });
  if (error.code !== "RESULT_TOO_LARGE") return { ok: false, error };
  const { maxLargeValueBytes } = request;
  const message =
    maxLargeValueBytes === undefined
      ? `The value is over ${limits.maxValueBytes} characters of JSON. Return a part or a summary: the whole is still in your variables.`
      : `The value is over ${maxLargeValueBytes} characters of JSON, too large even to be stored for you. Return a part or a summary, or save parts with artifacts.save(name, part): the whole is still in your variables.`;
  return { ok: false, error: { ...error, message } };
}

/** The frame is large; the value only where it is itself. */
function largeValue(value: JsonValue | undefined, { maxValueBytes }: ExecuteLimits): OutcomeFields {
  const { length } = JSON.stringify(value ?? null);
  return length > maxValueBytes ? { ok: true, value, valueLength: length } : { ok: true, value };
}

function tell(onEvent: ExecuteRequest["onEvent"], event: SandboxEvent): void {
  try {
    onEvent?.(event);
  } catch {
    // A listener's failure is not the program's.
  }
}

/** For results without a run. */
export function failedResult(
  error: ExecutionError,
  { executionId, session }: { readonly executionId: string; readonly session: string },
): ExecuteResult {
  const nothing = { logs: [], calls: [], warnings: [], durationMs: 0 };
  return { ok: false, error, ...nothing, session, executionId };
}
