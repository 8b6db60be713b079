// Measures one sandbox variant in a process of its own and prints its figures as one line of JSON.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { createBenchSession, createVariant } from "./sandbox-subject.ts";

const [variant = ""] = process.argv.slice(2);
const ECHO = `bench.echo({ text: "${"x".repeat(88)}" })`;
const SERIAL_CALLS = 50;
const PARALLEL_CALLS = 1_000;

/** The best of as many runs as fit in `ms`: what is measured is what a host does that has run for a while. */
async function least(ms: number, run: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + ms;
  let best = Infinity;
  do {
    const start = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one run at a time is what is measured
    await run();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return best * 1_000;
}

/** Memory of the waiting children that is theirs, shared pages in proportion, MiB each. */
function idleMb(): number | undefined {
  try {
    const children = execFileSync("pgrep", ["-P", String(process.pid)], { encoding: "utf8" });
    const sizes = children
      .trim()
      .split("\n")
      .flatMap((pid) => pssMb(pid) ?? []);
    return sizes.length === 0 ? undefined : Math.min(...sizes);
  } catch {
    // No such command, or no children of ours: a container is not one.
    return undefined;
  }
}

function pssMb(pid: string): number | undefined {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1_024;
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

const sandbox = await createVariant(variant);
const probe = await sandbox.probe();
if (!probe.ok) {
  process.stdout.write(`${JSON.stringify({ skipped: probe.reason })}\n`);
  process.exit(0);
}
const session = await createBenchSession(sandbox);
const runFresh = async (): Promise<void> => {
  const result = await session.execute("return 1+1");
  if (!result.ok) throw new Error(result.error.message);
  setImmediate(() => void session.closeGuest(result.session));
};
const cold = await least(1_500, runFresh);
let claim = Infinity;
for (let n = 0; n < (variant === "docker" ? 10 : 40); n += 1) {
  // oxlint-disable-next-line no-await-in-loop -- one run at a time is what is measured
  await sandbox.prewarm(1);
  // oxlint-disable-next-line no-await-in-loop -- one run at a time is what is measured
  claim = Math.min(claim, await least(0, runFresh));
}
await sandbox.prewarm(4);
const idle = variant === "docker" ? undefined : idleMb();
const { session: handle } = await session.execute("0");
const run = async (code: string): Promise<void> => {
  const result = await session.execute(code, { session: handle });
  if (!result.ok) throw new Error(result.error.message);
};
const execute = await least(2_000, () => run("return 1+1"));
const serial = await least(1_500, () =>
  run(`for (let n = 0; n < ${SERIAL_CALLS}; n++) await ${ECHO};\nreturn 1`),
);
const parallel = await least(1_500, () =>
  run(`await Promise.all(Array.from({ length: ${PARALLEL_CALLS} }, () => ${ECHO}));\nreturn 1`),
);
const figures = {
  cold,
  claim,
  execute,
  serialCall: (serial - execute) / SERIAL_CALLS,
  parallelCall: (parallel - execute) / PARALLEL_CALLS,
  ...(idle === undefined ? {} : { idleMb: idle }),
};
await session[Symbol.asyncDispose]();
await sandbox[Symbol.asyncDispose]();
process.stdout.write(`${JSON.stringify(figures)}\n`);
