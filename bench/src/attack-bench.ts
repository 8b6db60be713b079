import { z } from "zod";

import { measureIn } from "./measure-in.ts";
import { table } from "./report.ts";

const costSchema = z.object({
  title: z.string(),
  code: z.string(),
  overrunMs: z.number(),
  hostMb: z.number(),
  guestMb: z.number(),
  delayMs: z.number(),
});
const resultSchema = z.union([
  z.object({ costs: z.array(costSchema) }),
  z.object({ skipped: z.string() }),
]);

type Cost = z.infer<typeof costSchema>;

const VARIANTS = ["isolated-vm", "local-eval", "docker"] as const;
const BARS = [
  { key: "overrunMs", title: "after the timeout", limit: 300, unit: "ms" },
  { key: "hostMb", title: "host grows by", limit: 20, unit: "MB" },
  // Twice the heap that its session is given, and 160 MB.
  { key: "guestMb", title: "sandbox at most", limit: 2 * 64 + 160, unit: "MB" },
  { key: "delayMs", title: "host held up for", limit: 50, unit: "ms" },
] as const;

/** Runs the attacks against each sandbox, and prints which cost more than the bars allow. */
export function benchAttacks(): string {
  const rows: string[][] = [];
  const over: string[][] = [];
  const notes: string[] = [];
  for (const variant of VARIANTS) {
    process.stderr.write(`attacks: ${variant}\n`);
    const result = measureIn("attack-worker.ts", [variant], resultSchema);
    if ("skipped" in result) notes.push(`${variant} was skipped: ${result.skipped}`);
    else {
      rows.push([variant, ...summary(result.costs)]);
      over.push(...result.costs.filter(missesABar).map((cost) => toRow(variant, cost)));
    }
  }
  const titles = BARS.map(({ title, limit, unit }) => `${title} (<= ${limit} ${unit})`);
  return [
    table([
      ["within the bars, worst in brackets", "attacks", "ended in errors", ...titles],
      ...rows,
    ]),
    over.length === 0
      ? "Every attack is within every bar."
      : table([["over a bar", "", "ended", ...titles], ...over]),
    ...notes,
  ].join("\n");
}

function summary(costs: readonly Cost[]): string[] {
  const cells = BARS.map(({ key, limit, unit }) => {
    const within = costs.filter((cost) => cost[key] <= limit).length;
    const worst = Math.max(...costs.map((cost) => cost[key]));
    return `${within} (${worst.toFixed(0)} ${unit}, ${(worst / limit).toFixed(2)}x)`;
  });
  const errors = costs.filter(({ code }) => code !== "ok").length;
  return [String(costs.length), String(errors), ...cells];
}

function missesABar(cost: Cost): boolean {
  return BARS.some(({ key, limit }) => cost[key] > limit);
}

function toRow(variant: string, cost: Cost): string[] {
  const cells = BARS.map(({ key, limit, unit }) => {
    const value = `${cost[key].toFixed(0)} ${unit}`;
    return cost[key] > limit ? `${value} !` : value;
  });
  return [`${variant}: ${cost.title}`, "", cost.code, ...cells];
}
