import type { ToolCaller, ToolRegistry } from "@codemode/core";
import { argumentsError } from "@codemode/core";

import { createArgumentCheck } from "./argument-check.ts";

/** Fills in defaults and checks arguments against the tool's schema before the call is made. */
export function withValidation(next: ToolCaller, registry: ToolRegistry): ToolCaller {
  const check = createArgumentCheck();
  return (call, options) => {
    const tool = registry.get(call.tool);
    if (!tool) return next(call, options);
    const { args, problems } = check(tool, call.args);
    if (problems.length > 0) {
      return Promise.reject(argumentsError(tool.canonicalName, ...problems));
    }
    return next({ ...call, tool: tool.canonicalName, args }, options);
  };
}
