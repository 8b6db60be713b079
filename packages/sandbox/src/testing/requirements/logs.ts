import type { Requirement } from "./requirement.ts";

const kept = { needs: { persistent: true }, otherwise: "state.fresh" } as const;

/** What is logged, and timers. */
export const LOGS = {
  "log.levels": { behavior: "console methods give lines with level, text and time" },
  "log.format": { behavior: "values are shown readably, placeholders filled in" },
  "log.methods": { behavior: "group, count, assert, table, time and dir work" },
  "log.streamed": { behavior: "lines are told as they are written, in order" },
  "log.live": { behavior: "lines of a loop that never yields are told while it runs" },
  "log.capped": {
    behavior: "a flood keeps the first and the last lines and says how many were dropped",
  },
  "log.long-line": { behavior: "a line over the limit is cut" },
  "log.unicode": { behavior: "line breaks and control characters stay inside of a line" },
  "log.late": { behavior: "a line after the end belongs to nobody", ...kept },
  "log.hostile": { behavior: "a value that cannot be shown does not fail the program" },
  "timer.works": { behavior: "setTimeout, setInterval and queueMicrotask work" },
  "timer.order": { behavior: "timers fire in order of their times" },
  "timer.arguments": { behavior: "timers pass arguments on; clearing anything is fine" },
  "timer.many": { behavior: "1,000 timers at once all fire" },
  "timer.microtasks": {
    behavior: "what a timer's callback has queued runs before the next timer fires",
  },
  "timer.limit": { behavior: "over 10,000 timers at once are refused" },
  "timer.unawaited": { behavior: "a timer that nobody awaits does not hold a program" },
  "timer.cleared": { behavior: "timers end with their program", ...kept },
} as const satisfies Readonly<Record<string, Requirement>>;
