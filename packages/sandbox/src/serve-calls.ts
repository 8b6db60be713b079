import type { JsonValue, ToolCallOptions } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";

import { createCallDeadlines } from "./call-deadlines.ts";
import { progressTeller } from "./call-progress.ts";
import { createCallQueue, MAX_WAITING } from "./call-queue.ts";
import type { CallRecord } from "./execute-result.ts";
import type { ExecuteLimits } from "./limits.ts";
import type { CallFailure, CallFrameEntry, CallsFrame } from "./protocol.ts";
import { encodeAnswer, encodeAnswers, encodeFailure } from "./protocol.ts";
import type { ExecuteRequest, SandboxEvent } from "./sandbox.ts";

/** What serving one execution's calls needs. */
export interface ServeCallsOptions {
  readonly request: ExecuteRequest;
  readonly limits: ExecuteLimits;
  /** Milliseconds since the execution began. */
  readonly elapsed: () => number;
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

/** Answers calls until `end`. */
export function createCallServer(options: ServeCallsOptions): CallServer {
  const { limits, send } = options;
  const waiting = createCallQueue();
  const running = new Map<number, RunningCall>();
  const deadlines = createCallDeadlines(limits.toolTimeoutMs);
  const records: CallRecord[] = [];
  let answers: string[] = [];
  let ended = false;

  const answer = (encoded: string): void => {
    if (ended) return;
    answers.push(encoded);
    if (answers.length > 1) return;
    // Answers of one turn travel together.
    queueMicrotask(() => {
      const batch = answers;
      answers = [];
      if (!ended && batch.length > 0) send(encodeAnswers(batch));
    });
  };
  const startNext = (): void => {
    if (ended) return;
    while (running.size < limits.maxConcurrentCalls) {
      const entry = waiting.take();
      if (!entry) return;
      void start(entry);
    }
  };
  const start = async (entry: CallFrameEntry): Promise<void> => {
    const call = createCall(options, entry);
    running.set(entry.callId, call);
    deadlines.start(entry.callId, () => call.stop(timeoutError(entry.name, limits)));
    const encoded = await finishCall(options, call, records);
    deadlines.clear(entry.callId);
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
      deadlines.clearAll();
      if (running.size === 0 && waiting.isEmpty()) return [];
      const left = [...[...running.values()].map(({ entry }) => entry.name), ...waiting.names()];
      for (const call of running.values()) call.stop(programEnded(call.entry.name));
      return left;
    },
  };
}

interface RunningCall {
  readonly entry: CallFrameEntry;
  readonly run: () => Promise<JsonValue>;
  /** Whether or not it heeds its signal, it ends now. */
  stop(reason: CodemodeError): void;
}

function createCall({ request, emit }: ServeCallsOptions, entry: CallFrameEntry): RunningCall {
  const controller = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<JsonValue>();
  const { signal } = controller;
  const { executionId } = request;
  const call = { executionId, callId: `${executionId}:${entry.callId}`, tool: entry.name };
  const progress = request.onEvent ? { onProgress: progressTeller(call, emit) } : {};
  return {
    entry,
    run() {
      answerOf(request, entry, { signal, ...progress }).then(resolve, reject);
      return promise;
    },
    stop(reason) {
      reject(reason);
      controller.abort(reason);
    },
  };
}

/** Sees one call to its encoded answer. Never rejects. */
async function finishCall(
  { request: { executionId }, limits, elapsed, emit }: ServeCallsOptions,
  { entry, run }: RunningCall,
  records: CallRecord[],
): Promise<string> {
  const { callId, kind, name: tool } = entry;
  const started = elapsed();
  const call = { executionId, callId: `${executionId}:${callId}`, tool };
  const index = kind === "h" ? -1 : records.length;
  const record = (ok: boolean, errorCode?: string): CallRecord => ({
    callId: call.callId,
    tool,
    startedMs: started,
    durationMs: elapsed() - started,
    ok,
    ...(errorCode === undefined ? {} : { errorCode }),
  });
  if (index >= 0) {
    records.push(record(false, "CANCELLED"));
    emit({ type: "call_started", ...call, args: entry.args });
  }
  const finish = (ok: boolean, errorCode?: string): void => {
    if (index < 0) return;
    const done = record(ok, errorCode);
    records[index] = done;
    emit({
      type: "call_ended",
      ...call,
      ok,
      durationMs: done.durationMs,
      ...(errorCode === undefined ? {} : { errorCode }),
    });
  };
  try {
    const json = JSON.stringify((await run()) ?? null) ?? "null";
    if (json.length > limits.maxToolResultBytes) throw tooLarge(tool, json.length, limits);
    finish(true);
    return encodeAnswer(callId, json);
  } catch (error) {
    const failure = toFailure(error, tool);
    finish(false, failure.code);
    return encodeFailure(callId, failure);
  }
}

function answerOf(
  request: ExecuteRequest,
  { callId, kind, name, args }: CallFrameEntry,
  options: ToolCallOptions,
): Promise<JsonValue> {
  const { executionId } = request;
  if (kind !== "h") {
    const call = {
      callId: `${executionId}:${callId}`,
      executionId,
      tool: name,
      args,
      raw: kind === "r",
    };
    return request.callTool(call, options);
  }
  const run = Object.hasOwn(request.hostFunctions, name) ? request.hostFunctions[name] : undefined;
  if (run) return run(args, { signal: options.signal, executionId });
  return Promise.reject(
    new CodemodeError("TOOL_NOT_FOUND", `There is no function "${name}" here.`),
  );
}

function toFailure(error: unknown, tool: string): CallFailure {
  if (isCodemodeError(error)) {
    const { code, message, details, retryable } = error;
    return { tool: error.tool ?? tool, code, message, details, retryable };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { tool, code: "TOOL_FAILED", message: `"${tool}" failed: ${reason}` };
}

function timeoutError(tool: string, { toolTimeoutMs }: ExecuteLimits): CodemodeError {
  const message = `"${tool}" did not answer within ${toolTimeoutMs} ms. Ask it for less, or raise the limit.`;
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
