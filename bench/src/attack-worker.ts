// Runs every attack against one sandbox, one at a time, and prints what each cost as one line of JSON.
import { ATTACKS, largestChildMb, measureAttack } from "@codemode/sandbox/attacks";
import type { AttackCost } from "@codemode/sandbox/attacks";

import { createVariant } from "./sandbox-subject.ts";

const [variant = "", only = ""] = process.argv.slice(2);
const sandbox = await createVariant(variant);
const probe = await sandbox.probe();
if (!probe.ok) {
  process.stdout.write(`${JSON.stringify({ skipped: probe.reason })}\n`);
  process.exit(0);
}
await sandbox.prewarm(1);
const costs: AttackCost[] = [];
for (const attack of ATTACKS.filter(({ title }) => title.includes(only))) {
  // oxlint-disable-next-line no-await-in-loop -- one at a time is what is measured
  await using session = await sandbox.openSession({ memoryMb: 64 });
  // oxlint-disable-next-line no-await-in-loop -- one at a time is what is measured
  costs.push(await measureAttack(session, attack, largestChildMb));
}
await sandbox[Symbol.asyncDispose]();
process.stdout.write(`${JSON.stringify({ costs })}\n`);
