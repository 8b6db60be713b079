// Takes the lock of a folder once for each line of standard input, and says what it found in it:
// `alone`, or `not alone` where another process was there too. With "die" it ends in it.
import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { withProcessLock } from "../../../src/node/index.ts";

const [, , folder = ""] = process.argv;
const inside = join(folder, "inside");

async function stay(): Promise<string> {
  const isAlone = await mkdir(inside).then(
    () => true,
    () => false,
  );
  if (!isAlone) return "not alone";
  await sleep(3);
  await rmdir(inside);
  return "alone";
}

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const found = await withProcessLock({ folder: join(folder, "locks"), name: "key" }, async () => {
    if (line === "die") process.kill(process.pid, "SIGKILL");
    return stay();
  });
  process.stdout.write(`${found}\n`);
}
