import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, vi } from "vitest";

import { runCli } from "../src/program.ts";

const require = createRequire(import.meta.url);
/** The command's source. */
export const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** The memory server. */
export const memory = join(
  dirname(require.resolve("@modelcontextprotocol/server-memory/package.json")),
  "dist/index.js",
);

/** Where the command runs. */
export const folder = { path: "" };

/** Gives each test of a file an empty folder. Call it at the top of the file. */
export function useFolder(): void {
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), "codemode-cli-"));
  });
  afterEach(() => rm(folder.path, { recursive: true }));
}

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

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command in this process, which is done ten times as soon: where its start and its end
 * are shown by other tests. Those that are asked for at once follow each other.
 */
export function codemodeHere(args: readonly string[], input = ""): Promise<Outcome> {
  const outcome = last.then(() => runHere(args, input));
  last = outcome.catch(() => undefined);
  return outcome;
}

async function runHere(args: readonly string[], input: string): Promise<Outcome> {
  const said = { stdout: "", stderr: "" };
  const cwd = process.cwd();
  process.chdir(folder.path);
  const stdin = vi.spyOn(process, "stdin", "get");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is read of it
  stdin.mockReturnValue(Readable.from([Buffer.from(input)]) as typeof process.stdin);
  const writes = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      said[name] += String(chunk);
      return true;
    }),
  );
  try {
    return { code: await runCli(args), ...said };
  } finally {
    for (const spy of [stdin, ...writes]) spy.mockRestore();
    process.chdir(cwd);
  }
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
      env: {
        MEMORY_FILE_PATH: join(folder.path, "memory.jsonl"),
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "",
      },
    },
  });
}
