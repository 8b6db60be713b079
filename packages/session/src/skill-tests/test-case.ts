import { isDeepStrictEqual } from "node:util";

import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import { isObject } from "../host-arguments.ts";
import type { RecordedTools } from "./recorded-tools.ts";

/** One case of a `tests/*.json`. */
export interface SkillTestCase {
  readonly name: string;
  /** Default: the entry. */
  readonly script?: string;
  readonly args: JsonValue;
  readonly tools: RecordedTools;
  readonly expected?: JsonValue;
  /** Part of the error's message, its name or its code. */
  readonly error?: string;
}

/** The cases of a file: one object, a list, or `{ "cases": [...] }`. */
export function readTestCases(text: string): readonly SkillTestCase[] {
  const value = parseTestFile(text);
  const cases = isObject(value) ? (value["cases"] ?? [value]) : value;
  if (!Array.isArray(cases)) throw new CodemodeError("SKILL_INVALID", 'It has no "cases".');
  if (cases.length === 0) throw new CodemodeError("SKILL_INVALID", "It has no case. Write one.");
  return cases.map((one: JsonValue, index) => readTestCase(one, index));
}

/** `SKILL_INVALID` for what is no JSON. */
export function parseTestFile(text: string, what = "It"): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodemodeError("SKILL_INVALID", `${what} is no JSON: ${reason}`);
  }
}

const KEYS = ["name", "script", "args", "tools", "expected", "error"];

function readTestCase(value: JsonValue, index: number): SkillTestCase {
  const given: JsonObject = isObject(value) ? value : { wrong: value };
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    const message = `Case ${index + 1} has ${JSON.stringify(unknown)}; a case has ${KEYS.join(", ")}.`;
    throw new CodemodeError("SKILL_INVALID", message);
  }
  const { name, script, args = {}, tools, expected, error } = given;
  return {
    name: typeof name === "string" ? name : `case ${index + 1}`,
    args,
    tools: readRecorded(tools),
    ...(typeof script === "string" ? { script } : {}),
    ...(expected === undefined ? {} : { expected }),
    ...(typeof error === "string" ? { error } : {}),
  };
}

/** A single answer stands for a list of one. */
export function readRecorded(value: JsonValue | undefined): RecordedTools {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).map(([name, answers]): [string, readonly JsonValue[]] => [
    name,
    isList(answers) ? answers : [answers],
  ]);
  return Object.fromEntries(entries);
}

/** What is wrong with how a case ran; `undefined` where it is as expected. */
export function judge(
  { expected, error }: SkillTestCase,
  run: { readonly ok: boolean; readonly output?: JsonValue; readonly told: string },
): string | undefined {
  if (error !== undefined) {
    if (run.ok) return `It gave ${show(run.output)} instead of failing with ${show(error)}.`;
    return run.told.includes(error) ? undefined : `It failed otherwise: ${run.told}`;
  }
  if (!run.ok) return run.told;
  if (expected === undefined || isDeepStrictEqual(run.output, expected)) return undefined;
  return `It gave ${show(run.output)}, expected was ${show(expected)}.`;
}

function show(value: JsonValue | undefined): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 500);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
