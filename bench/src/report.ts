/** The best figures of one subject over all passes, in microseconds. */
export interface Row {
  readonly label: string;
  readonly figures: { readonly [metric: string]: number | undefined };
}

const columns = [
  ["sessionExecute", "execute, session"],
  ["freshExecute", "execute, fresh"],
  ["serialCall", "serial call"],
  ["parallelCall", "1000 parallel, each"],
  ["tenTools", "ten 50 ms tools"],
  ["longProgram", "57 lines, 55 calls"],
] as const;

/** Microseconds, or milliseconds from 1000 on. */
export function time(us: number | undefined): string {
  if (us === undefined) return "-";
  return us >= 1000 ? `${(us / 1000).toFixed(1)} ms` : `${us.toFixed(1)} us`;
}

function ratio(theirs: number | undefined, ours: number | undefined): string {
  return theirs === undefined || ours === undefined ? "-" : `${(theirs / ours).toFixed(1)}x`;
}

/** Columns of text, the first to the left. */
export function table(lines: readonly (readonly string[])[]): string {
  const width = (column: number): number =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0));
  return lines
    .map((line) =>
      line
        .map((cell, n) => (n === 0 ? cell.padEnd(width(n)) : cell.padStart(width(n))))
        .join("  ")
        .concat("\n"),
    )
    .join("");
}

/** Two tables: times, then each system's time as a multiple of codemode's. */
export function formatReport(rows: readonly Row[]): string {
  const head = ["", ...columns.map(([, title]) => title)];
  const ours = rows[0]?.figures ?? {};
  const times = rows.map(({ label, figures }) =>
    [label].concat(columns.map(([metric]) => time(figures[metric]))),
  );
  // A system without sessions pays its fresh execute each time: that is what a session saves.
  const ratios = rows.slice(1).map(({ label, figures }) =>
    [label].concat(
      columns.map(([metric]) => {
        const fallback = metric === "sessionExecute" ? figures["freshExecute"] : undefined;
        return ratio(figures[metric] ?? fallback, ours[metric]);
      }),
    ),
  );
  return [
    "Best of all passes:",
    table([head, ...times]),
    "As a multiple of codemode's time (over 1x: codemode is faster):",
    table([head, ...ratios]),
  ].join("\n");
}
