import { spawn } from "node:child_process";
import { availableParallelism, constants, setPriority } from "node:os";

/**
 * Keeps every processor awake with a process of the lowest priority, which yields to all others: a
 * processor that sleeps between two messages costs more to wake than the work between them, and
 * virtual machines differ in it tenfold. It meets every subject alike.
 */
export function keepAwake(): Disposable & { readonly processors: number } {
  const loops = Array.from({ length: availableParallelism() }, () => {
    const child = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    return child;
  });
  const stop = (): void => {
    for (const child of loops) child.kill("SIGKILL");
  };
  // However the bench ends, no loop is left.
  process.once("exit", stop);
  return {
    processors: loops.length,
    [Symbol.dispose]: stop,
  };
}
