import { spawn, spawnSync } from "node:child_process";
import { availableParallelism, constants, setPriority } from "node:os";

/** The processes that keep the processors awake, until they are disposed. */
export interface Awake extends Disposable {
  readonly processors: number;
  /** Lets the processors sleep while `run` runs. */
  resting<T>(run: () => T): T;
}

/**
 * Keeps every processor awake with a process of the lowest priority, which yields to all others: a
 * processor that sleeps between two messages costs more to wake than the work between them, and
 * virtual machines differ in it tenfold. It meets every subject alike, except containers: they
 * are groups of their own to the kernel, where a priority counts for nothing and the loop of another
 * group is not interrupted at once. They are measured `resting`.
 */
export function keepAwake(): Awake {
  // The policy for what runs only where nothing else does; where it is not to be had, a priority.
  const idle = ["--idle", "0", process.execPath];
  const hasPolicy = spawnSync("chrt", [...idle, "--version"]).status === 0;
  const [command, ...args] = hasPolicy ? ["chrt", ...idle] : [process.execPath];
  const loops = Array.from({ length: availableParallelism() }, () => {
    const child = spawn(command, [...args, "-e", "for (;;);"], { stdio: "ignore" });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    return child;
  });
  const signal = (name: NodeJS.Signals): void => {
    for (const child of loops) child.kill(name);
  };
  const stop = (): void => signal("SIGKILL");
  // However the bench ends, no loop is left.
  process.once("exit", stop);
  return {
    processors: loops.length,
    resting(run) {
      signal("SIGSTOP");
      try {
        return run();
      } finally {
        signal("SIGCONT");
      }
    },
    [Symbol.dispose]: stop,
  };
}
