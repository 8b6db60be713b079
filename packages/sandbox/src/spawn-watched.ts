import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { basename, dirname } from "node:path";

/** What is started, and how. */
export interface WatchedOptions {
  /** The program by its absolute path, and its arguments. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly stdio: readonly ("pipe" | "ignore")[];
  readonly cwd?: string;
  /** Address space, KiB. Default: as much as there is. */
  readonly addressSpaceKb?: number;
}

/**
 * Starts a process, without environment, that ends with this one, whatever either is doing: a guest
 * that blocks in a built-in does not see that its pipes are gone. A shell beside it waits for the end
 * of a pipe that only this process holds, and then kills. Not on Windows, which has no such shell.
 */
export function spawnWatched(options: WatchedOptions): ChildProcess {
  const { command, stdio, cwd, addressSpaceKb } = options;
  const place = cwd === undefined ? {} : { cwd };
  const [file, ...args] = command;
  if (process.platform === "win32") {
    return spawn(file, args, { ...place, env: {}, stdio: [...stdio] });
  }
  const watch = stdio.length;
  const limit = addressSpaceKb === undefined ? "" : `ulimit -v ${Math.ceil(addressSpaceKb)}; `;
  // Shells have variables of their own, which would become the environment. `$$` is the process that the shell becomes. A line instead of the end means that it has ended.
  const watcher = `(read -r _ || kill -9 $$) <&${watch} >/dev/null 2>&1 ${watch}<&- & `;
  // By its name alone: a process is told what it was called by.
  const script = `${limit}${watcher}unset PWD OLDPWD SHLVL; PATH=$1; shift; exec "$@" ${watch}<&-`;
  const named = [dirname(file), basename(file), ...args];
  const child = spawn("/bin/sh", ["-c", script, "sh", ...named], {
    ...place,
    env: {},
    stdio: [...stdio, "pipe"],
  });
  const pipe = child.stdio[watch];
  if (pipe instanceof Socket) {
    pipe.unref();
    // The watcher was killed too.
    pipe.on("error", () => undefined);
    child.once("exit", () => pipe.end("\n"));
  }
  return child;
}
