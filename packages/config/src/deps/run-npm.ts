import { spawn } from "node:child_process";

import { CodemodeError } from "@codemode/core";

/** How npm is run. */
export interface RunNpmOptions {
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const MAX_OUTPUT = 64 * 1024;
const SHOWN_OUTPUT = 1_000;
// No script of a package runs on the host; what nobody reads is not asked for.
const FLAGS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];

/** Runs npm with exactly these arguments, no shell between. `DEPS_FAILED` with what it said. */
export async function runNpm(args: readonly string[], options: RunNpmOptions): Promise<void> {
  const { folder, timeoutMs } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
  const [command = "", ...rest] = args;
  const child = spawn("npm", [command, ...FLAGS, ...rest], {
    cwd: folder,
    // A group of its own: what it started ends with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-MAX_OUTPUT);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const stop = (): void => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (signal.aborted) throw stopped(options.signal.aborted, timeoutMs);
    if (code !== 0) throw failed(output, folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const message = "npm is not on the host's PATH: packages are installed with it.";
    throw new CodemodeError("DEPS_FAILED", message, { cause: error });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function stopped(byCaller: boolean, timeoutMs: number): CodemodeError {
  const message = byCaller
    ? "The installation was cancelled: its program or its call ended."
    : `npm did not end within ${timeoutMs} ms.`;
  return new CodemodeError("DEPS_FAILED", message, { retryable: true });
}

/** What npm said, without the places on this machine it names. */
function failed(output: string, folder: string): CodemodeError {
  const lines = output
    .split("\n")
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !/complete log|_logs|debug-\d/.test(line));
  const said = lines
    .join(" ")
    .replaceAll(folder, ".")
    .replaceAll(/(?:\/[\w.@+-]+){2,}/g, "...");
  const shown = said.replaceAll(/https?:\S+/g, "(a URL)").slice(0, SHOWN_OUTPUT);
  return new CodemodeError("DEPS_FAILED", `npm could not do it: ${shown}`);
}
