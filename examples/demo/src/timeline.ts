import { escapeTerminalText } from "@codemode/core";
import type { CallRecord } from "@codemode/sandbox";

/** What stands beside a name and its bar: the margin, the bar's ends, the time. */
const FRAME = "  ".length + " |".length + "| ".length + "12345.6 ms".length;

function nameOf(call: CallRecord): string {
  return escapeTerminalText(call.tool, { singleLine: true });
}

/**
 * One line a call, in order of starting, with a bar for its time, of `x` where it failed: bars above
 * each other ran in parallel. As wide as the terminal allows, within reason.
 */
export function formatTimeline(calls: readonly CallRecord[], columns: number): string {
  const longest = Math.max(...calls.map((call) => nameOf(call).length));
  const width = Math.min(Math.max(columns - FRAME - longest, 12), 40);
  const begin = Math.min(...calls.map((call) => call.startedMs));
  const end = Math.max(...calls.map((call) => call.startedMs + call.durationMs));
  const column = (ms: number): number => Math.round(((ms - begin) / (end - begin || 1)) * width);
  return calls
    .map((call) => {
      const from = Math.min(column(call.startedMs), width - 1);
      const length = Math.max(column(call.startedMs + call.durationMs) - from, 1);
      const bar = (" ".repeat(from) + (call.ok ? "=" : "x").repeat(length)).padEnd(width);
      const time = call.durationMs.toFixed(1).padStart(7);
      return `  ${nameOf(call).padEnd(longest)} |${bar}| ${time} ms`;
    })
    .join("\n");
}

/** The most calls that were under way at one moment. */
export function mostAtOnce(calls: readonly CallRecord[]): number {
  const underWayAt = (ms: number): number =>
    calls.filter((call) => call.startedMs <= ms && ms < call.startedMs + call.durationMs).length;
  return Math.max(0, ...calls.map((call) => underWayAt(call.startedMs)));
}
