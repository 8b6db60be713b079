import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach } from "vitest";

const require = createRequire(import.meta.url);
/** The command's source. */
export const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** The memory server. */
export const memory = join(
  dirname(require.resolve("@modelcontextprotocol/server-memory/package.json")),
  "dist/index.js",
);

/** Where the command runs: an empty folder for each test. */
export const folder = { path: "" };
beforeEach(async () => {
  folder.path = await mkdtemp(join(tmpdir(), "codemode-cli-"));
});
afterEach(() => rm(folder.path, { recursive: true }));

/** What became of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export async function codemode(args: readonly string[], input = ""): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder.path, stdio: "pipe" });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** The one document on standard output. */
export function json(outcome: Outcome): unknown {
  const value: unknown = JSON.parse(outcome.stdout);
  return value;
}

/** Writes a config with these servers. */
export async function withServers(servers: Record<string, unknown>): Promise<void> {
  const config = JSON.stringify({ mcpServers: servers });
  await writeFile(join(folder.path, "codemode.config.json"), config);
}

/** Writes a config with a real server. */
export function withMemory(): Promise<void> {
  return withServers({
    memory: {
      command: process.execPath,
      args: [memory],
      env: { MEMORY_FILE_PATH: join(folder.path, "memory.jsonl") },
    },
  });
}
