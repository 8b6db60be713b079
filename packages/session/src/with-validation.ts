import type { ToolCaller, ToolRegistry } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import { createArgumentCheck } from "./argument-check.ts";

/** Fills in defaults and checks arguments against the tool's schema before the call is made. */
export function withValidation(next: ToolCaller, registry: ToolRegistry): ToolCaller {
  const check = createArgumentCheck();
  return (call, options) => {
    const tool = registry.get(call.tool);
    if (!tool) return next(call, options);
    const { args, problems } = check(tool, call.args);
    if (problems.length > 0) {
      const name = tool.canonicalName;
      const message = `Wrong arguments for "${name}": ${problems.join("; ")}.`;
      const error = new CodemodeError("INVALID_ARGUMENTS", message, {
        tool: name,
        details: problems,
      });
      return Promise.reject(error);
    }
    return next({ ...call, tool: tool.canonicalName, args }, options);
  };
}
