import type { ToolCaller } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

/** Lets `maxCalls` calls through in all, then refuses with `TOOL_LIMIT`. One for each execution. */
export function withBudget(next: ToolCaller, maxCalls: number): ToolCaller {
  let made = 0;
  return (call, options) => {
    if (made >= maxCalls) {
      const message =
        `This program has made ${maxCalls} tool calls, all that one execution may make. ` +
        `"${call.tool}" was not called. Make fewer calls, or go on in a further execution.`;
      return Promise.reject(new CodemodeError("TOOL_LIMIT", message, { tool: call.tool }));
    }
    made += 1;
    return next(call, options);
  };
}
