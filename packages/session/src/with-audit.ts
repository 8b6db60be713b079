import type { ToolCaller } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";

import type { AuditRecord } from "./audit.ts";

/** Tells of every call that ended, however it ended. */
export function withAudit(next: ToolCaller, onAudit: (record: AuditRecord) => void): ToolCaller {
  return async (call, options) => {
    const start = performance.now();
    const record = (ok: boolean, errorCode?: string): void =>
      onAudit({
        type: "tool_call",
        executionId: call.executionId,
        callId: call.callId,
        tool: call.tool,
        at: Date.now(),
        durationMs: performance.now() - start,
        ok,
        ...(errorCode === undefined ? {} : { errorCode }),
        ...(call.skill === undefined ? {} : { skill: call.skill }),
      });
    try {
      const result = await next(call, options);
      if (result.isError === true) record(false, "TOOL_FAILED");
      else record(true);
      return result;
    } catch (error) {
      record(false, isCodemodeError(error) ? error.code : "INTERNAL");
      throw error;
    }
  };
}
