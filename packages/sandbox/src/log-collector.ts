import type { Diagnostic } from "@codemode/core";

import type { LogLine } from "./execute-result.ts";

/** The logs of one execution, as far as they are kept. */
export interface LogCollector {
  /** `false` where more came than an intact guest sends. */
  add(lines: readonly LogLine[]): boolean;
  /** Closes the logs: the last lines, and how many were dropped before them. */
  end(tail: readonly LogLine[], dropped: number): Diagnostic | undefined;
  readonly lines: readonly LogLine[];
}

/** The guest caps its logs itself; here the cap is checked, with room for its bookkeeping. */
export function createLogCollector(
  maxLogBytes: number,
  onLine: (line: LogLine) => void,
): LogCollector {
  const lines: LogLine[] = [];
  let length = 0;
  const add = (added: readonly LogLine[]): boolean => {
    for (const line of added) {
      length += line.text.length;
      if (length > maxLogBytes * 2 + 10_000) return false;
      lines.push(line);
      onLine(line);
    }
    return true;
  };
  return {
    lines,
    add,
    end(tail, dropped) {
      const [first] = tail;
      if (dropped > 0 && first) {
        add([{ level: "warn", text: `... ${dropped} lines dropped ...`, atMs: first.atMs }]);
      }
      add(tail);
      if (dropped === 0) return undefined;
      const message = `${dropped} log lines were dropped; the first and the last ${maxLogBytes / 2} bytes are kept. Log less, or return data as the value.`;
      return { code: "LOGS_TRUNCATED", message };
    },
  };
}
