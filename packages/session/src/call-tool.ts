import type {
  JsonObject,
  JsonValue,
  QuestionHandlers,
  ToolCaller,
  ToolRegistry,
} from "@codemode/core";
import { CodemodeError, toolResultToValue } from "@codemode/core";
import type { GuestToolCaller } from "@codemode/sandbox";

import type { AuditRecord } from "./audit.ts";
import type { SkillRuntime } from "./skills/skill-runtime.ts";
import { withAudit } from "./with-audit.ts";
import { withBudget } from "./with-budget.ts";
import { withValidation } from "./with-validation.ts";

/** What stands around every call of one session. */
export interface CallRules {
  readonly registry: ToolRegistry;
  readonly maxToolCalls?: number;
  readonly onAudit?: (record: AuditRecord) => void;
}

/** The path of a tool call; makes one with a budget of its own for each execution. */
export function createToolCallers(rules: CallRules): () => ToolCaller {
  const checked = withValidation(rules.registry.callTool, rules.registry);
  const { maxToolCalls, onAudit } = rules;
  return () => {
    const within = maxToolCalls === undefined ? checked : withBudget(checked, maxToolCalls);
    return onAudit ? withAudit(within, onAudit) : within;
  };
}

/** What a program's call is looked up in. */
export interface GuestCallParts {
  readonly registry: ToolRegistry;
  readonly skills: SkillRuntime | undefined;
}

/** The same path as a program takes it: arguments as they come, the value it gets. */
export function toGuestToolCaller(
  callTool: ToolCaller,
  { registry, skills }: GuestCallParts,
  handlers: QuestionHandlers = {},
): GuestToolCaller {
  return async ({ tool, args, callId, executionId, raw, skills: chain }, options) => {
    const definition = registry.get(tool);
    const name = definition?.canonicalName ?? tool;
    if (chain !== undefined) skills?.rules.check(chain, name);
    const call = { tool: name, args: toArguments(name, args), callId, executionId };
    const result = await callTool(call, { ...options, ...handlers });
    if (raw) return rawResult(result);
    return toolResultToValue(result, definition ?? { canonicalName: name });
  };
}

/** A call without arguments is a call with none; anything but an object is refused. */
export function toArguments(tool: string, args: JsonValue | undefined): JsonObject {
  if (args === undefined || args === null) return {};
  if (isObject(args)) return args;
  const given = Array.isArray(args) ? "an array" : `a ${typeof args}`;
  const message = `"${tool}" takes one object with named arguments, not ${given}.`;
  throw new CodemodeError("INVALID_ARGUMENTS", message, { tool });
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A result as data: what came over a wire is JSON, and what a function gave must become it. */
function rawResult(result: object): JsonValue {
  const value: JsonValue = JSON.parse(JSON.stringify(result));
  return value;
}
