import type { CodemodeErrorCode, JsonValue } from "@codemode/core";
import { isRecord } from "@codemode/core";

import type { LogLine } from "./execute-result.ts";

// One line a frame: a letter, then JSON. The only file that writes what a guest reads, and that
// reads what a guest writes. What comes from a runner is untrusted: it is checked here, once.

/** `E`: run a program. */
export interface ExecuteFrame {
  readonly id: string;
  /** Counts the programs of a session; errors name their source by it. */
  readonly number: number;
  readonly script: string;
  readonly interfaces?: { readonly [tool: string]: string };
  /** For a program that reads stacks: where `script`'s places are in its source, four numbers each. */
  readonly places?: readonly number[];
  readonly maxValueLength: number;
  readonly maxLogLength: number;
}

/** `K`: what programs can call and import from now on. */
export interface CatalogFrame {
  readonly servers: readonly {
    readonly server: string;
    readonly identifier: string;
    readonly tools: readonly (readonly [identifier: string, tool: string, path?: string])[];
  }[];
  readonly modules: readonly { readonly specifier: string; readonly script: string }[];
  readonly features?: readonly string[];
}

/** `A`: end the program now; what it waits for is rejected. */
export interface AbortFrame {
  readonly id: string;
  readonly code: CodemodeErrorCode;
  readonly message: string;
}

/** What a failed call throws in the guest. */
export interface CallFailure {
  readonly tool?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly details?: JsonValue | undefined;
  readonly retryable?: boolean;
}

/** `!`: for the runner itself: how long one entry may compute, and how long the program has in all. */
export function encodeBudget(computeMs: number, wallMs: number): string {
  return `!${Math.ceil(computeMs)},${Math.ceil(wallMs)}`;
}

export function encodeCatalog(frame: CatalogFrame): string {
  return `K${JSON.stringify(frame)}`;
}

export function encodeExecute(frame: ExecuteFrame): string {
  return `E${JSON.stringify(frame)}`;
}

export function encodeAbort(frame: AbortFrame): string {
  return `A${JSON.stringify(frame)}`;
}

/** `Q`: whether anything can still happen; a program that waits for nothing ends. */
export function encodeQuestion(id: string): string {
  return `Q${JSON.stringify(id)}`;
}

/** One of the wakes that a guest has asked for. */
export function encodeWake(wake: number): string {
  return `T${wake}`;
}

/** One answer, encoded when it is known; many make one frame. */
export function encodeAnswer(callId: number, valueJson: string): string {
  return `[${callId},1,${valueJson}]`;
}

export function encodeFailure(callId: number, failure: CallFailure): string {
  return `[${callId},0,${JSON.stringify(failure)}]`;
}

export function encodeAnswers(answers: readonly string[]): string {
  return `R[${answers.join(",")}]`;
}

/** One call as the guest asks for it. `t` a tool's value, `r` its whole result, `h` a host function. */
export interface CallFrameEntry {
  readonly callId: number;
  readonly kind: "t" | "r" | "h";
  readonly name: string;
  readonly args: JsonValue;
  /** The skills that made it, ids from the outermost with `>` between; absent of the program's own. */
  readonly scope: string | undefined;
}

/** Calls of one turn. */
export interface CallsFrame {
  readonly type: "calls";
  readonly id: string;
  readonly calls: readonly CallFrameEntry[];
  /** Of the frame: what the calls weigh while they wait. */
  readonly length: number;
}

/** Why the program ended, as the guest tells it. */
export interface GuestFailure {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly tool: string | undefined;
  readonly details: JsonValue | undefined;
}

/** The program's end. */
export interface EndFrame {
  readonly type: "end";
  readonly id: string;
  readonly value: JsonValue | undefined;
  readonly error: GuestFailure | undefined;
  readonly warnings: readonly string[];
  readonly tail: readonly LogLine[];
  readonly dropped: number;
  /** Of the frame: no value in it is longer. */
  readonly length: number;
}

/** The guest has timers: it is to be woken. */
export interface WakeFrame {
  readonly type: "wake";
  readonly id: string;
  /** Comes back with each wake. */
  readonly wake: number;
  readonly ms: number;
  readonly times: number;
}

/** All that a runner can say. */
export type GuestFrame =
  | { readonly type: "idle" }
  | { readonly type: "timeout" }
  | { readonly type: "rejection"; readonly message: string }
  | { readonly type: "logs"; readonly id: string; readonly lines: readonly LogLine[] }
  | CallsFrame
  | WakeFrame
  | EndFrame;

/** `undefined` for what no intact runner sends. */
export function decodeGuestFrame(frame: string): GuestFrame | undefined {
  if (frame === "I") return { type: "idle" };
  if (frame === "X") return { type: "timeout" };
  const body = parse(frame.slice(1));
  if (frame[0] === "U") return { type: "rejection", message: cut(String(body), MAX_TEXT) };
  if (!isRecord(body) || typeof body["id"] !== "string") return undefined;
  const { id } = body;
  switch (frame[0]) {
    case "L":
      return decodeLogs(id, body["lines"]);
    case "C":
      return decodeCalls(id, body["calls"], frame.length);
    case "S":
      return decodeWake(id, body);
    case "V":
      return decodeEnd(id, body, frame.length);
    default:
      return undefined;
  }
}

const MAX_TEXT = 10_000;

// No intact guest asks for more at once.
const MAX_WAKES = 100;

function decodeWake(
  id: string,
  { wake, ms, times }: Record<string, unknown>,
): WakeFrame | undefined {
  if (!isCount(wake, Number.MAX_SAFE_INTEGER) || !isCount(ms, 2 ** 31 - 1)) return undefined;
  if (!isCount(times, MAX_WAKES)) return undefined;
  return { type: "wake", id, wake, ms, times };
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function decodeCalls(id: string, entries: unknown, length: number): GuestFrame | undefined {
  if (!Array.isArray(entries)) return undefined;
  const calls: CallFrameEntry[] = [];
  for (const entry of entries) {
    if (!Array.isArray(entry)) return undefined;
    const [callId, kind, name, args, scope]: unknown[] = entry;
    if (
      typeof callId !== "number" ||
      typeof name !== "string" ||
      !isCallKind(kind) ||
      !isJson(args) ||
      (scope !== undefined && typeof scope !== "string")
    ) {
      return undefined;
    }
    calls.push({ callId, kind, name: cut(name, 1_000), args, scope });
  }
  return { type: "calls", id, calls, length };
}

function decodeLogs(id: string, entries: unknown): GuestFrame | undefined {
  const lines = toLogLines(entries);
  return lines && { type: "logs", id, lines };
}

function toLogLines(entries: unknown): readonly LogLine[] | undefined {
  if (!Array.isArray(entries)) return undefined;
  const lines: LogLine[] = [];
  for (const entry of entries) {
    if (!Array.isArray(entry)) return undefined;
    const [level, text, atMs]: unknown[] = entry;
    if (!isLevel(level) || typeof text !== "string" || typeof atMs !== "number") return undefined;
    lines.push({ level, text, atMs: Math.max(atMs, 0) });
  }
  return lines;
}

function decodeEnd(
  id: string,
  body: Readonly<Record<string, unknown>>,
  length: number,
): EndFrame | undefined {
  const { ok, value, error, warnings, dropped } = body;
  const tail = toLogLines(body["tail"]);
  const failure = ok === true ? undefined : toFailure(error);
  if (!tail || !isStrings(warnings) || (ok !== true && !failure)) return undefined;
  return {
    type: "end",
    id,
    value: isJson(value) ? value : undefined,
    error: failure,
    warnings,
    tail,
    dropped: typeof dropped === "number" ? dropped : 0,
    length,
  };
}

function toFailure(error: unknown): GuestFailure | undefined {
  if (!isRecord(error)) return undefined;
  const { code, name, message, stack, tool, details } = error;
  if (typeof code !== "string" || typeof name !== "string" || typeof message !== "string")
    return undefined;
  return {
    code,
    name: cut(name, 200),
    message: cut(message, MAX_TEXT),
    stack: typeof stack === "string" ? cut(stack, MAX_TEXT) : "",
    tool: typeof tool === "string" && tool !== "" ? tool : undefined,
    details: isJson(details) ? details : undefined,
  };
}

/** The beginning of a text as a copy: a slice would keep the whole text in memory. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return Buffer.from(text.slice(0, length), "utf16le").toString("utf16le");
}

function parse(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    // The caller treats what is not JSON like any other frame that cannot be.
    return undefined;
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isCallKind(value: unknown): value is CallFrameEntry["kind"] {
  return value === "t" || value === "r" || value === "h";
}

function isLevel(value: unknown): value is LogLine["level"] {
  return (
    value === "log" ||
    value === "info" ||
    value === "warn" ||
    value === "error" ||
    value === "debug"
  );
}

/** What came out of `JSON.parse` is JSON, unless it was absent. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}
