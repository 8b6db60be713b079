import type { JsonValue, ToolCallOptions } from "@codemode/core";
import { CodemodeError, createPauses, isCodemodeError } from "@codemode/core";

import type { CallDeadlines, TimedCall } from "./call-deadlines.ts";
import { createCallDeadlines } from "./call-deadlines.ts";
import { progressTeller } from "./call-progress.ts";
import { createCallQueue, MAX_WAITING } from "./call-queue.ts";
import type { CallRecord } from "./execute-result.ts";
import type { ExecuteLimits } from "./limits.ts";
import type { CallFailure, CallFrameEntry, CallsFrame } from "./protocol.ts";
import { encodeAnswer, encodeAnswers, encodeFailure } from "./protocol.ts";
import type { ExecuteRequest, HostFunction, SandboxEvent } from "./sandbox.ts";
import { skillOf } from "./skill-of.ts";

/** What serving one execution's calls needs. */
export interface ServeCallsOptions {
  readonly request: ExecuteRequest;
  readonly limits: ExecuteLimits;
  /** Milliseconds since the execution began. */
  readonly elapsed: () => number;
  /** Stops the program's clock until what it gives is called. */
  readonly pause: () => () => void;
  readonly send: (frame: string) => void;
  readonly emit: (event: SandboxEvent) => void;
}

/** The calls of one execution: queued, run some at a time, each with a deadline of its own. */
export interface CallServer {
  readonly records: readonly CallRecord[];
  serve(frame: Pick<CallsFrame, "calls" | "length">): void;
  /** Aborts what is left, and gives the names of the calls that nobody waited for. */
  end(): readonly string[];
}

// Tools that answer at once would hold up the host for as long as there are calls.
const CALLS_A_TURN = 200;

/** Answers calls until `end`. */
export function createCallServer(options: ServeCallsOptions): CallServer {
  const { limits } = options;
  const waiting = createCallQueue();
  const running = new Map<number, RunningCall>();
  const deadlines = createCallDeadlines(running, (name) => timeoutError(name, limits));
  const records: CallRecord[] = [];
  let startedInTurn = 0;
  let ended = false;

  const answer = createAnswers((frame) => {
    if (!ended) options.send(frame);
  });
  const startNext = (): void => {
    if (ended) return;
    while (running.size < limits.maxConcurrentCalls) {
      const entry = startedInTurn < CALLS_A_TURN ? waiting.take() : undefined;
      if (!entry) return;
      startedInTurn += 1;
      // Not at each call: most programs make fewer, and a turn has its price.
      if (startedInTurn === CALLS_A_TURN / 2) setImmediate(nextTurn);
      void start(entry);
    }
  };
  const nextTurn = (): void => {
    startedInTurn = 0;
    startNext();
  };
  const start = async (entry: CallFrameEntry): Promise<void> => {
    const call = createCall(options, entry, deadlines);
    running.set(entry.callId, call);
    deadlines.watch(call.due);
    const encoded = await finishCall(options, call, records);
    running.delete(entry.callId);
    answer(encoded);
    startNext();
  };
  return {
    records,
    serve(frame) {
      for (const { callId, name } of waiting.add(frame)) {
        answer(encodeFailure(callId, tooManyWaiting(name)));
      }
      startNext();
    },
    end() {
      ended = true;
      deadlines.end();
      if (running.size === 0 && waiting.isEmpty()) return [];
      const left = [
        ...[...running.values()].map(({ entry }) => shownName(entry)),
        ...waiting.names(),
      ];
      for (const call of running.values()) call.stop(programEnded(call.entry.name));
      return left;
    },
  };
}

/** Answers of one turn travel together. */
function createAnswers(send: (frame: string) => void): (encoded: string) => void {
  let answers: string[] = [];
  const sendAll = (): void => {
    const batch = answers;
    answers = [];
    send(encodeAnswers(batch));
  };
  return (encoded) => {
    if (answers.push(encoded) === 1) queueMicrotask(sendAll);
  };
}

interface RunningCall extends TimedCall {
  readonly run: () => Promise<JsonValue>;
}

function createCall(
  { request, limits, emit, pause }: ServeCallsOptions,
  entry: CallFrameEntry,
  deadlines: CallDeadlines,
): RunningCall {
  const controller = new AbortController();
  const { signal } = controller;
  const { promise, resolve, reject } = Promise.withResolvers<JsonValue>();
  const call: RunningCall = {
    entry,
    due: isUntimed(request, entry) ? Infinity : performance.now() + limits.toolTimeoutMs,
    run() {
      const id = idOf(request, entry);
      const options = {
        signal,
        pause: () => (hold ??= createCallPause(call, { deadlines, pause }))(),
        ...(request.onEvent ? { onProgress: progressTeller(id, emit) } : {}),
      };
      answerOf(request, entry, { call: id, options }).then(resolve, reject);
      return promise;
    },
    stop(reason) {
      reject(reason);
      controller.abort(reason);
    },
  };
  let hold: ReturnType<typeof createCallPause> | undefined;
  return call;
}

/** Stops a call's clock and its program's. */
function createCallPause(
  call: RunningCall,
  { deadlines, pause }: Pick<ServeCallsOptions, "pause"> & { readonly deadlines: CallDeadlines },
): () => () => void {
  let leftMs = 0;
  let goOn: (() => void) | undefined;
  return createPauses({
    onPause() {
      goOn = pause();
      leftMs = call.due - performance.now();
      call.due = Infinity;
    },
    onResume() {
      call.due = performance.now() + leftMs;
      deadlines.watch(call.due);
      goOn?.();
    },
  });
}

interface CallId {
  readonly executionId: string;
  /** Unique among all executions. */
  readonly callId: string;
  readonly tool: string;
}

function idOf({ executionId }: ExecuteRequest, { callId, name }: CallFrameEntry): CallId {
  return { executionId, callId: `${executionId}:${callId}`, tool: name };
}

/** Sees one call to its encoded answer. Never rejects. */
async function finishCall(
  options: ServeCallsOptions,
  { entry, run }: RunningCall,
  records: CallRecord[],
): Promise<string> {
  const { limits } = options;
  const { callId, kind, name } = entry;
  // What is told and recorded are the calls of tools.
  const close = kind === "h" ? undefined : openRecord(options, entry, records);
  try {
    const json = JSON.stringify((await run()) ?? null) ?? "null";
    if (json.length > limits.maxToolResultBytes) throw tooLarge(name, json.length, limits);
    close?.();
    return encodeAnswer(callId, json);
  } catch (error) {
    const failure = toFailure(error, name);
    close?.(failure.code);
    return encodeFailure(callId, failure);
  }
}

/** Notes a call as cancelled until it is closed, with its error's code where it failed. */
function openRecord(
  { request, elapsed, emit }: ServeCallsOptions,
  entry: CallFrameEntry,
  records: CallRecord[],
): (errorCode?: string) => void {
  const { callId, tool, executionId } = idOf(request, entry);
  const startedMs = elapsed();
  const name = skillOf(entry.scope);
  const skill = name === undefined ? {} : { skill: name };
  const base = { callId, tool, startedMs, ...skill };
  const open = { ...base, durationMs: 0, ok: false, errorCode: "CANCELLED" };
  const index = records.push(open) - 1;
  if (request.onEvent) {
    emit({ type: "call_started", executionId, callId, tool, args: entry.args });
  }
  return (errorCode) => {
    const durationMs = elapsed() - startedMs;
    const outcome = errorCode === undefined ? { ok: true } : { ok: false, errorCode };
    records[index] = { ...base, durationMs, ...outcome };
    if (!request.onEvent) return;
    emit({ type: "call_ended", executionId, callId, tool, durationMs, ...outcome });
  };
}

function answerOf(
  request: ExecuteRequest,
  { kind, name, args, scope }: CallFrameEntry,
  { call, options }: { readonly call: CallId; readonly options: ToolCallOptions },
): Promise<JsonValue> {
  const { executionId } = request;
  const skills = scope === undefined ? undefined : { skills: scope };
  if (kind !== "h")
    return request.callTool({ ...call, args, raw: kind === "r", ...skills }, options);
  const run = hostFunction(request, name);
  if (run) return run(args, { ...options, executionId, ...skills });
  return Promise.reject(
    new CodemodeError("TOOL_NOT_FOUND", `There is no function "${name}" here.`),
  );
}

function hostFunction({ hostFunctions }: ExecuteRequest, name: string): HostFunction | undefined {
  return Object.hasOwn(hostFunctions, name) ? hostFunctions[name] : undefined;
}

function isUntimed(request: ExecuteRequest, { kind, name }: CallFrameEntry): boolean {
  return kind === "h" && hostFunction(request, name)?.untimed === true;
}

/** A skill in a guest of its own is told as what the program called. */
function shownName({ kind, name, args }: CallFrameEntry): string {
  if (kind !== "h" || name !== "skills.fork" || !Array.isArray(args)) return name;
  const [id]: readonly JsonValue[] = args;
  const skill = typeof id === "string" ? skillOf(id) : undefined;
  return skill === undefined ? name : `skills.${skill}`;
}

function toFailure(error: unknown, tool: string): CallFailure {
  if (isCodemodeError(error)) {
    const { code, message, details, retryable } = error;
    return { tool: error.tool ?? tool, code, message, details, retryable };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const said =
    reason === STACK_OVERFLOW ? "its answer has too many levels to be passed on" : reason;
  return { tool, code: "TOOL_FAILED", message: `"${tool}" failed: ${said}` };
}

// What the engine says of a value that is nested tens of thousands deep.
const STACK_OVERFLOW = "Maximum call stack size exceeded";

function timeoutError(tool: string, { toolTimeoutMs }: ExecuteLimits): CodemodeError {
  const message = `"${tool}" did not answer within ${toolTimeoutMs} ms. Ask it for less, or raise limits.tool_timeout_ms.`;
  return new CodemodeError("TOOL_TIMEOUT", message, { tool, retryable: true });
}

function programEnded(tool: string): CodemodeError {
  return new CodemodeError("CANCELLED", `"${tool}" was cancelled: its program has ended.`, {
    tool,
  });
}

function tooLarge(
  tool: string,
  length: number,
  { maxToolResultBytes }: ExecuteLimits,
): CodemodeError {
  const message = `"${tool}" answered ${length} characters; the limit is ${maxToolResultBytes}. Ask it for a page, a range or fewer fields.`;
  return new CodemodeError("TOOL_RESULT_TOO_LARGE", message, { tool });
}

function tooManyWaiting(tool: string): CallFailure {
  const message = `"${tool}" was not called: ${MAX_WAITING} calls or 16 MB of arguments are waiting already. Await some before you make more.`;
  return { tool, code: "TOOL_LIMIT", message };
}
