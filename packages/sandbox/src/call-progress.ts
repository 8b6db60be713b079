import type { ToolProgress } from "@codemode/core";

import type { SandboxEvent } from "./sandbox.ts";

const INTERVAL_MS = 50;

/** Makes events of how far a call is; what a tool says too often is left out. */
export function progressTeller(
  call: { readonly executionId: string; readonly callId: string; readonly tool: string },
  emit: (event: SandboxEvent) => void,
): (progress: ToolProgress) => void {
  let next = 0;
  return ({ progress, total, message }) => {
    const now = performance.now();
    if (now < next) return;
    next = now + INTERVAL_MS;
    emit({
      type: "call_progress",
      ...call,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    });
  };
}
