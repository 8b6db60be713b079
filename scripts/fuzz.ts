// Runs generated programs in a sandbox: npm run fuzz -- --runs 10000 --sandbox isolated-vm --seed 1
// Docker: --sandbox docker, and --base-image codemode/node-base:24 where no registry can be reached.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createDockerSandbox } from "../packages/sandbox-docker/src/index.ts";
import { createIsolatedVmSandbox } from "../packages/sandbox-isolated-vm/src/index.ts";
import { createLocalEvalSandbox } from "../packages/sandbox-local-eval/src/index.ts";
import type { Sandbox } from "../packages/sandbox/src/index.ts";
import { runFuzz } from "./fuzz/run-fuzz.ts";

const { values } = parseArgs({
  options: {
    "base-image": { type: "string" },
    runs: { type: "string", default: "1000" },
    sandbox: { type: "string", default: "isolated-vm" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const workspacePath = mkdtempSync(join(tmpdir(), "codemode-fuzz-"));
process.on("exit", () => rmSync(workspacePath, { recursive: true, force: true }));

const sandboxes: Readonly<Record<string, () => Sandbox>> = {
  "isolated-vm": () => createIsolatedVmSandbox({ prewarm: 2 }),
  docker: () => createDockerSandbox({ prewarm: 2, baseImage: values["base-image"] }),
  "local-eval": () => createLocalEvalSandbox({ prewarm: 2, workspacePath }),
};
const create = sandboxes[values.sandbox];
if (!create) throw new Error(`--sandbox is one of ${Object.keys(sandboxes).join(", ")}.`);

const write = (text: string): void => void process.stdout.write(`${text}\n`);
write(`${values.runs} programs in ${values.sandbox}, --seed ${values.seed}`);
await using sandbox = create();
const start = performance.now();
const report = await runFuzz({
  sandbox,
  runs: Number(values.runs),
  seed: Number(values.seed),
  onProgress: (done) => void (done % 1_000 === 0 && write(`${done} ...`)),
});
const ends = [...report.ends].map(([code, count]) => `${code} ${count}`).join(", ");
write(
  `${ends}; slowest ${Math.round(report.slowestMs)} ms; ${Math.round(performance.now() - start)} ms in all`,
);
if (report.failure !== undefined) {
  write(report.failure);
  process.exitCode = 1;
}
