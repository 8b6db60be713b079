import { fileURLToPath } from "node:url";

import { z } from "zod";

import { measureIn } from "./measure-in.ts";
import { installPeers } from "./peers.ts";
import { formatReport } from "./report.ts";

const figuresSchema = z.object({
  sessionExecute: z.number().optional(),
  freshExecute: z.number(),
  serialCall: z.number(),
  parallelCall: z.number(),
  tenTools: z.number(),
  longProgram: z.number(),
});
type Figures = z.infer<typeof figuresSchema>;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const PASSES = 3;

/** Measures codemode, comparable systems and a direct function call, and prints times and ratios. */
export function benchPeers(): string {
  const subjects = [
    { label: "codemode (isolated-vm)", module: here("codemode-subject.ts") },
    ...installPeers(),
    { label: "direct function call", module: here("direct-subject.ts") },
  ];
  const passesOf = new Map(subjects.map(({ label }) => [label, new Array<Figures>()]));
  // Passes go round all subjects, so that a busy minute of the machine meets each of them.
  for (let pass = 1; pass <= PASSES; pass += 1) {
    for (const { label, module } of subjects) {
      process.stderr.write(`pass ${pass}/${PASSES}: ${label}\n`);
      passesOf.get(label)?.push(measureIn("worker.ts", [module], figuresSchema));
    }
  }
  const metrics = figuresSchema.keyof().options;
  const rows = [...passesOf].map(([label, passes]) => ({
    label,
    figures: Object.fromEntries(metrics.map((metric) => [metric, least(passes, metric)])),
  }));
  return formatReport(rows);
}

function least(passes: readonly Figures[], metric: keyof Figures): number | undefined {
  const values = passes.map((figures) => figures[metric]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.min(...values);
}
