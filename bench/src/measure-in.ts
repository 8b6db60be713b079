import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { z } from "zod";

/** Runs a script of this folder in a process of its own and reads the one line of JSON that it prints. */
export function measureIn<T>(script: string, args: readonly string[], schema: z.ZodType<T>): T {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawnSync(process.execPath, ["--no-warnings", path, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 180_000,
  });
  const line = child.stdout.trim();
  if (line === "") throw new Error(`No figures from ${[script, ...args].join(" ")}.`);
  return schema.parse(JSON.parse(line));
}
