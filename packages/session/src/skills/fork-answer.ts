import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { ExecuteResult } from "@codemode/sandbox";

import { isObject } from "../host-arguments.ts";

/** What ran. */
interface Forked {
  readonly skill: string;
  /** Of what it may give. */
  readonly maxLength: number;
}

/** What the guest that asked for a skill gets of the run in its own guest. */
export function forkAnswer(result: ExecuteResult, { skill, maxLength }: Forked): JsonObject {
  if (!result.ok) throw cutOff(result.error, { skill, maxLength });
  const { value, error } = isObject(result.value) ? result.value : {};
  const logs = result.logs.map(({ level, text }) => [level, text]);
  if (!isObject(error)) return { logs, error: null, ...(value === undefined ? {} : { value }) };
  const { stack, ...words } = error;
  return { logs, error: { ...words, frames: moduleFrames(stack) } };
}

/** Its time, memory or answer was too much: the caller is told, and goes on. */
function cutOff(
  { code, message }: Extract<ExecuteResult, { ok: false }>["error"],
  { skill, maxLength }: Forked,
): CodemodeError {
  const tool = `skills.${skill}`;
  if (code === "CANCELLED") return new CodemodeError(code, message, { tool });
  const text =
    code === "RESULT_TOO_LARGE"
      ? `Skill "${skill}" gave more than ${maxLength} characters of JSON. Let it give a part, or keep the whole with artifacts.save(name, value).`
      : `Skill "${skill}" did not run to its end. ${message}`;
  return new CodemodeError("SKILL_FAILED", text, { tool, details: { code } });
}

const MAX_FRAMES = 10;

/** The lines of a stack that are in skills; the others are of no program that the caller knows. */
function moduleFrames(stack: JsonValue | undefined): string {
  if (typeof stack !== "string") return "";
  const lines = stack.split("\n").filter((line) => /^ +at .*\bcodemode-module:/.test(line));
  return lines
    .slice(0, MAX_FRAMES)
    .map((line) => `\n${line}`)
    .join("");
}
