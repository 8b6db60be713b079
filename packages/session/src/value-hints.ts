import type { CallRecord, ExecutionError } from "@codemode/sandbox";

import type { ToolFinder } from "./tool-finder.ts";

/** A value that is not what the program took it for. */
const WRONG_VALUE =
  /^Cannot (?:read|destructure) propert|^undefined is not iterable| is not (?:a function|iterable)\b|return value is not iterable/;

/** Text that is no JSON, or an object that is none: a tool's answer, mostly. */
const NO_JSON = / is not valid JSON$|^Unexpected end of JSON input/;

/** What such an error mostly comes from: a call that nobody awaited, or an answer of another shape. */
export function valueHints(
  { code, name, message }: ExecutionError,
  calls: readonly CallRecord[],
  finder: ToolFinder,
): readonly string[] {
  const isWrong =
    (name === "TypeError" && WRONG_VALUE.test(message)) ||
    (name === "SyntaxError" && NO_JSON.test(message));
  if (code !== "GUEST_ERROR" || !isWrong) return [];
  const running = calls.filter(({ ok, errorCode }) => !ok && errorCode === "CANCELLED");
  if (running.length > 0) {
    const names = namesOf(running).map((tool) => JSON.stringify(tool));
    return [`A call is a promise until it is awaited. Not awaited: ${names.join(", ")}.`];
  }
  const signatures = namesOf(calls.filter(({ ok }) => ok)).flatMap(
    (tool) => finder.signature(tool) ?? [],
  );
  return signatures.map((signature) => `What was called: ${signature}`);
}

function namesOf(calls: readonly CallRecord[]): readonly string[] {
  return [...new Set(calls.map(({ tool }) => tool))].slice(0, 3);
}
