import type { JsonObject, JsonValue } from "@codemode/core";
import type { ExecuteResult } from "@codemode/sandbox";
import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetResult, ToolsetTool } from "../../toolset-tool.ts";
import { compact, defineTool } from "../../toolset-tool.ts";
import { toToolsetResult } from "../execute-code.ts";
import { jsonList, jsonObject, NAME_ALIASES } from "./skill-input.ts";

/** Runs a skill in the sandbox, as a program would. */
export function runSkillTool(session: Session): ToolsetTool {
  return defineTool({
    name: "run_skill",
    description:
      "Run a skill, or one script of it, in the sandbox. To combine skills with tools, call skills.name(args) in execute_code.",
    input: z.strictObject({
      name: z.string(),
      script_name: z.string().optional(),
      arguments: z.union([jsonObject, jsonList]).optional(),
      session: z.string().optional().describe("From an earlier result"),
      timeoutMs: z.number().positive().max(600_000).optional(),
    }),
    aliases: { ...NAME_ALIASES, args: "arguments" },
    annotations: { title: "Run skill", destructiveHint: true, openWorldHint: true },
    async run({ name, script_name, arguments: args = {}, session: handle, timeoutMs }, options) {
      const request = compact({ skill_name: name, script_name, args });
      const result = await session.execute(programOf(request), {
        ...(handle === undefined ? {} : { session: handle }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...options,
      });
      return toRunResult(result);
    },
  });
}

/** What a model gave goes in as JSON, which is an expression of JavaScript and nothing else. */
function programOf(request: JsonObject): string {
  return `const { run_skill } = await import("generated/skills");\nreturn await run_skill(${JSON.stringify(request)});`;
}

/** What the guest tells of the run; where the program itself failed, the same shape. */
function toRunResult(result: ExecuteResult): ToolsetResult {
  const { structuredContent } = toToolsetResult(result);
  const { result: value, error, ok: _ok, ...common } = structuredContent;
  if (result.ok && isRun(value)) {
    return {
      structuredContent: { ...leaveOutNull(value), ...common },
      isError: value["success"] !== true,
    };
  }
  const { code, message, hints } = result.ok
    ? { code: "INTERNAL", message: "The skill's result cannot be read.", hints: [] }
    : result.error;
  const failed = {
    success: false,
    execution_ok: false,
    execution_error: message,
    exit_code: 1,
    root_error_code: code,
    failure_reason: message,
    recovery_hint: hints[0],
    error: error ?? message,
  };
  return { structuredContent: compact({ ...failed, ...common }), isError: true };
}

function isRun(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && "success" in value;
}

function leaveOutNull(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(
    ([name, member]) => member !== null && !(member === "" && name.startsWith("std")),
  );
  return Object.fromEntries(kept);
}
