import type { JsonValue } from "@codemode/core";
import { isRecord } from "@codemode/core";

import type { LogLine } from "./execute-result.ts";
import type { CallFrameEntry, EndFrame, GuestFailure, GuestFrame, WakeFrame } from "./protocol.ts";

/**
 * What a guest wrote, checked here and nowhere else, as it is untrusted: `undefined` for what no
 * intact runner sends.
 */
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
