import { escapeTerminalText } from "@codemode/core";
import type { CallRecord } from "@codemode/sandbox";

const WIDTH = 40;

function nameOf(call: CallRecord): string {
  return escapeTerminalText(call.tool, { singleLine: true });
}

/** One line a call, in order of starting, with a bar for its time: bars above each other ran in parallel. */
export function formatTimeline(calls: readonly CallRecord[]): string {
  const begin = Math.min(...calls.map((call) => call.startedMs));
  const end = Math.max(...calls.map((call) => call.startedMs + call.durationMs));
  const column = (ms: number): number => Math.round(((ms - begin) / (end - begin || 1)) * WIDTH);
  const longest = Math.max(...calls.map((call) => nameOf(call).length));
  return calls
    .map((call) => {
      const from = Math.min(column(call.startedMs), WIDTH - 1);
      const length = Math.max(column(call.startedMs + call.durationMs) - from, 1);
      const bar = (" ".repeat(from) + (call.ok ? "=" : "x").repeat(length)).padEnd(WIDTH);
      const time = `${call.durationMs.toFixed(1).padStart(7)} ms`;
      return `  ${nameOf(call).padEnd(longest)} |${bar}| ${time}${call.ok ? "" : "  failed"}`;
    })
    .join("\n");
}

/** The most calls that were under way at one moment. */
export function mostAtOnce(calls: readonly CallRecord[]): number {
  const underWayAt = (ms: number): number =>
    calls.filter((call) => call.startedMs <= ms && ms < call.startedMs + call.durationMs).length;
  return Math.max(0, ...calls.map((call) => underWayAt(call.startedMs)));
}
