import type {
  JsonObject,
  JsonValue,
  QuestionHandlers,
  ToolCall,
  ToolCaller,
  ToolRegistry,
} from "@codemode/core";
import { CodemodeError, isCodemodeError, toolResultToValue } from "@codemode/core";
import type { GuestCall, GuestToolCaller } from "@codemode/sandbox";
import { skillOf } from "@codemode/sandbox";

import type { AuditRecord } from "./audit.ts";
import { isObject, toJson } from "./host-arguments.ts";
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
  /** Told of calls that are refused before they are made; of all others `callTool` tells. */
  readonly onAudit: ((record: AuditRecord) => void) | undefined;
}

/** The same path as a program takes it: arguments as they come, the value it gets. */
export function toGuestToolCaller(
  callTool: ToolCaller,
  { registry, skills, onAudit }: GuestCallParts,
  handlers: QuestionHandlers = {},
): GuestToolCaller {
  const accept = (
    name: string,
    { args, callId, executionId, skills: chain }: GuestCall,
  ): ToolCall => {
    const skill = skillOf(chain);
    const call = { tool: name, callId, executionId, ...(skill === undefined ? {} : { skill }) };
    try {
      if (chain !== undefined) skills?.rules.check(chain, name);
      return { ...call, args: toArguments(name, args) };
    } catch (error) {
      const errorCode = isCodemodeError(error) ? error.code : "INTERNAL";
      onAudit?.({
        ...call,
        type: "tool_call",
        at: Date.now(),
        durationMs: 0,
        ok: false,
        errorCode,
      });
      throw error;
    }
  };
  return async (given, options) => {
    const definition = registry.get(given.tool);
    const name = definition?.canonicalName ?? given.tool;
    const result = await callTool(accept(name, given), { ...options, ...handlers });
    if (given.raw) return toJson(result);
    return toolResultToValue(result, definition ?? { canonicalName: name });
  };
}

/** A call without arguments is a call with none; anything but an object is refused. */
export function toArguments(tool: string, args: JsonValue | undefined): JsonObject {
  if (args === undefined || args === null) return {};
  if (isObject(args)) return args;
  const given = Array.isArray(args) ? "an array" : `a ${typeof args}`;
  const message = `"${tool}" takes one object with named arguments, not ${given}: ${tool}({ name: value }).`;
  throw new CodemodeError("INVALID_ARGUMENTS", message, { tool });
}
