import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/**
 * What this process holds on to: garbage is collected first. How much memory it takes from the
 * system depends on when that happens by itself, which on a busy machine is late.
 */
export function heldBytes(): number {
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
