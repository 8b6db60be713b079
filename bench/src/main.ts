// Measures codemode, comparable systems and a direct function call in one run, and prints ratios.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { keepAwake } from "./keep-awake.ts";
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

function measureOnce(module: string): Figures {
  const child = spawnSync(process.execPath, ["--no-warnings", here("worker.ts"), module], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });
  const line = child.stdout.trim();
  if (line === "") throw new Error(`No figures from ${module}.`);
  return figuresSchema.parse(JSON.parse(line));
}

function least(passes: readonly Figures[], metric: keyof Figures): number | undefined {
  const values = passes.map((figures) => figures[metric]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.min(...values);
}

const subjects = [
  { label: "codemode (isolated-vm)", module: here("codemode-subject.ts") },
  ...installPeers(),
  { label: "direct function call", module: here("direct-subject.ts") },
];
const passesOf = new Map(subjects.map(({ label }) => [label, new Array<Figures>()]));

using awake = keepAwake();
process.stderr.write(`${awake.processors} processors are kept awake\n`);
// Passes go round all subjects, so that a busy minute of the machine meets each of them.
for (let pass = 1; pass <= PASSES; pass += 1) {
  for (const { label, module } of subjects) {
    process.stderr.write(`pass ${pass}/${PASSES}: ${label}\n`);
    passesOf.get(label)?.push(measureOnce(module));
  }
}
const metrics = figuresSchema.keyof().options;
const rows = [...passesOf].map(([label, passes]) => ({
  label,
  figures: Object.fromEntries(metrics.map((metric) => [metric, least(passes, metric)])),
}));
process.stdout.write(formatReport(rows));
