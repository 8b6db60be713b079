// Runs every attack against one sandbox, one at a time, and prints what each cost as one line of JSON.
import { ATTACKS, largestChildMb, measureAttack } from "@codemode/sandbox/attacks";
import type { AttackCost } from "@codemode/sandbox/attacks";

import { createVariant } from "./sandbox-subject.ts";

const [variant = "", only = ""] = process.argv.slice(2);
const MEMORY_MB = 64;
const sandbox = await createVariant(variant);
const probe = await sandbox.probe();
if (!probe.ok) {
  process.stdout.write(`${JSON.stringify({ skipped: probe.reason })}\n`);
  process.exit(0);
}
await sandbox.prewarm(1);
const residentMb = variant === "docker" ? await containerMemory() : largestChildMb;
const costs: AttackCost[] = [];
for (const attack of ATTACKS.filter(({ title }) => title.includes(only))) {
  // oxlint-disable-next-line no-await-in-loop -- one at a time is what is measured
  await using session = await sandbox.openSession({ memoryMb: MEMORY_MB });
  // oxlint-disable-next-line no-await-in-loop -- one at a time is what is measured
  costs.push(await measureAttack(session, attack, residentMb));
}
await sandbox[Symbol.asyncDispose]();
process.stdout.write(`${JSON.stringify({ costs })}\n`);

async function containerMemory(): Promise<() => Promise<number>> {
  const { createMemoryReader } = await import("@codemode/sandbox-docker/testing");
  return createMemoryReader();
}
