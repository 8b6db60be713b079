import { z } from "zod";

import type { Awake } from "./keep-awake.ts";
import { measureIn } from "./measure-in.ts";
import { table, time } from "./report.ts";

const resultSchema = z.union([
  z.object({ alone: z.number(), beside: z.number() }),
  z.object({ skipped: z.string() }),
]);

const VARIANTS = ["isolated-vm", "local-eval", "docker"] as const;

/** Prints what programs that never end cost an honest one beside them. */
export function benchNeighbours(awake: Awake): string {
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const variant of VARIANTS) {
    process.stderr.write(`neighbours: ${variant}\n`);
    const result = awake.resting(() => measureIn("neighbour-worker.ts", [variant], resultSchema));
    if ("skipped" in result) notes.push(`${variant} was skipped: ${result.skipped}`);
    else {
      const { alone, beside } = result;
      const ratio = `${(beside / alone).toFixed(1)}x`;
      rows.push([variant, time(alone * 1_000), time(beside * 1_000), ratio]);
    }
  }
  const head = ["95 of 100 programs end within", "alone", "beside three endless ones", ""];
  return [table([head, ...rows]), ...notes].join("\n");
}
