import { z } from "zod";

import type { Awake } from "./keep-awake.ts";
import { measureIn } from "./measure-in.ts";
import { table, time } from "./report.ts";

const anchorsSchema = z.object({ roundTrip: z.number(), jsonBothWays: z.number() });
const figuresSchema = z.object({
  cold: z.number(),
  claim: z.number(),
  execute: z.number(),
  serialCall: z.number(),
  parallelCall: z.number(),
  idleMb: z.number().optional(),
});
const resultSchema = z.union([figuresSchema, z.object({ skipped: z.string() })]);

const VARIANTS = ["isolated-vm", "local-eval", "docker"] as const;
const PASSES = 2;

/** Measures the sandbox variants beside two anchors, and prints their times and ratios. */
export function benchSandboxes(awake: Awake): string {
  const anchors = least(
    Array.from({ length: PASSES }, () => measureIn("anchors.ts", [], anchorsSchema)),
  );
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const variant of VARIANTS) {
    process.stderr.write(`sandbox: ${variant}\n`);
    const measure = () => measureIn("sandbox-worker.ts", [variant], resultSchema);
    const passes = Array.from({ length: PASSES }, () =>
      variant === "docker" ? awake.resting(measure) : measure(),
    );
    const [first] = passes;
    if (first && "skipped" in first) notes.push(`${variant} was skipped: ${first.skipped}`);
    const figures = least(passes.filter((pass) => "execute" in pass));
    if ("execute" in figures) rows.push(toRow(variant, figures, anchors));
  }
  const head = ["", "cold start", "warm claim", "execute", "serial call", "1000 parallel, each"];
  return [
    `Anchors: blocking round trip between processes ${time(anchors["roundTrip"])}, JSON of one call ${time(anchors["jsonBothWays"])}`,
    table([[...head, "idle runner"], ...rows]),
    ...notes,
  ].join("\n");
}

type Figures = Readonly<Record<string, number>>;

function toRow(variant: string, figures: Figures, anchors: Figures): string[] {
  const cell = (metric: string, anchor: string): string =>
    `${time(figures[metric])} (${((figures[metric] ?? 0) / (anchors[anchor] ?? 1)).toFixed(1)}x)`;
  const faster = ((figures["cold"] ?? 0) / (figures["claim"] ?? 1)).toFixed(0);
  const idle = figures["idleMb"];
  return [
    variant,
    time(figures["cold"]),
    `${time(figures["claim"])} (${faster}x faster)`,
    cell("execute", "roundTrip"),
    cell("serialCall", "roundTrip"),
    cell("parallelCall", "jsonBothWays"),
    idle === undefined ? "-" : `${idle.toFixed(1)} MB`,
  ];
}

/** The best of all passes, metric by metric. */
function least(passes: readonly Readonly<Record<string, number | undefined>>[]): Figures {
  const best: Record<string, number> = {};
  for (const pass of passes) {
    for (const [metric, value] of Object.entries(pass)) {
      if (value !== undefined) best[metric] = Math.min(best[metric] ?? Infinity, value);
    }
  }
  return best;
}
