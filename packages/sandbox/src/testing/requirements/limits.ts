import type { Requirement } from "./requirement.ts";

const kept = { needs: { persistent: true }, otherwise: "state.fresh" } as const;

/** What happens at the limits, and how programs are stopped. */
export const LIMITS = {
  "limit.timeout": {
    behavior: "a program that waits too long is TIMEOUT; its variables live on",
    ...kept,
  },
  "limit.timeout-in-call": {
    behavior: "a program that waits for a tool too long is TIMEOUT, names it and cancels it",
  },
  "limit.timeout-caught": { behavior: "a program that catches its end cannot go on" },
  "limit.stalled": {
    behavior:
      "a program that awaits what nothing will settle is STALLED at once; variables live on",
    needs: { nodeApis: false, persistent: true },
    otherwise: "limit.waiting",
  },
  "limit.waiting": {
    behavior: "a program that awaits what nothing will settle ends in STALLED or TIMEOUT",
  },
  "limit.compute": {
    behavior: "a program that computes too long is COMPUTE_LIMIT; its variables live on",
    ...kept,
  },
  "limit.compute-after-call": { behavior: "a loop after a call is stopped too" },
  "limit.compute-in-timer": { behavior: "a loop in a timer's callback is stopped too" },
  "limit.compute-in-value": { behavior: "a loop in a getter of the value is stopped too" },
  "limit.cut-off": {
    behavior: "what still arrives for a program that was cut off costs the next one nothing",
  },
  "limit.microtasks": { behavior: "an endless loop of microtasks is stopped" },
  "limit.hard-kill": {
    behavior: "a built-in that blocks is killed; the session is lost and says so",
    needs: { hardKill: true },
    otherwise: "limit.soft-kill",
  },
  "limit.soft-kill": {
    behavior: "a loop of the program's own is stopped",
    needs: { hardKill: false },
    otherwise: "limit.hard-kill",
  },
  "limit.memory": {
    behavior: "a memory bomb is MEMORY_LIMIT; the session is lost",
    needs: { memoryLimit: "hard" },
    otherwise: "limit.memory-soft",
  },
  "limit.memory-soft": {
    behavior: "a memory bomb ends in a typed error, and other sessions live on",
    needs: { memoryLimit: ["soft", "none"] },
    otherwise: "limit.memory",
  },
  "limit.value-size": {
    behavior: "a value over its limit is RESULT_TOO_LARGE; the variable lives on",
    ...kept,
  },
  "limit.source-size": { behavior: "a source over its limit is SOURCE_TOO_LARGE" },
  "limit.defaults": { behavior: "a limit that is undefined is the default" },
  "stop.cancel": {
    behavior: "a cancelled program is CANCELLED, its calls are cancelled too",
    ...kept,
  },
  "stop.cancelled-before": { behavior: "a program cancelled before it began never runs" },
  "stop.cancel-queued": { behavior: "a program cancelled while it waits its turn never runs" },
  "stop.cancel-computing": { behavior: "a program cancelled while it computes is CANCELLED" },
  "stop.cancel-after": { behavior: "cancelling a program that has ended changes nothing" },
  "stop.dispose": { behavior: "a disposed session refuses programs; disposing twice is fine" },
  "stop.dispose-running": {
    behavior: "disposing a session ends its program in a typed error and cancels its calls",
  },
  "stop.dispose-sandbox": { behavior: "a disposed sandbox opens no session" },
  "stop.dispose-sandbox-running": {
    behavior: "disposing a sandbox ends its programs in typed errors",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
