// Measures honest programs alone and beside programs that never end, in one sandbox. Prints one line of JSON.
import { createBenchSession, createVariant } from "./sandbox-subject.ts";

const [variant = ""] = process.argv.slice(2);
const NEIGHBOURS = 3;
const MEASURED_MS = 4_000;
const PROGRAM = `let total = 0;
for (let n = 0; n < 5; n++) total += (await bench.echo({ text: "x".repeat(n) })).text.length;
return total;`;

const sandbox = await createVariant(variant);
const probe = await sandbox.probe();
if (!probe.ok) {
  process.stdout.write(`${JSON.stringify({ skipped: probe.reason })}\n`);
  process.exit(0);
}
await using session = await createBenchSession(sandbox);
const { session: honest } = await session.execute("0");

/** The time that 95 of 100 programs stay under, milliseconds. */
async function measureHonest(): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + MEASURED_MS;
  while (performance.now() < end) {
    const start = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one program at a time is what is measured
    const result = await session.execute(PROGRAM, { session: honest });
    if (!result.ok) throw new Error(result.error.message);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.95)] ?? 0;
}

async function runEndless(signal: AbortSignal): Promise<void> {
  let options: { readonly timeoutMs: number; readonly session?: string } = { timeoutMs: 2_000 };
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- each is cut off before the next begins
    const { session: handle } = await session.execute("for (;;);", options);
    options = { timeoutMs: 2_000, ...(handle !== "" && { session: handle }) };
  }
}

await measureHonest();
const alone = await measureHonest();
const end = new AbortController();
const neighbours = Array.from({ length: NEIGHBOURS }, () => runEndless(end.signal));
await new Promise((resolve) => setTimeout(resolve, 200));
const beside = await measureHonest();
end.abort();
await Promise.all(neighbours);
await session[Symbol.asyncDispose]();
await sandbox[Symbol.asyncDispose]();
process.stdout.write(`${JSON.stringify({ alone, beside })}\n`);
