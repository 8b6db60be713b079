import type { GlobalOptions } from "../options.ts";
import { print, printJson } from "../output.ts";
import type { Difference } from "./collection.ts";

/** Prints how things stood, a line each: what is marked `=` only in JSON. */
export function reportDifferences(
  differences: readonly Difference[],
  { json }: GlobalOptions,
): void {
  if (json) {
    printJson({ ok: true, differences });
    return;
  }
  const changed = differences.filter(({ mark }) => mark !== "=");
  for (const { mark, type, name } of changed) print(`${mark} ${type}/${name}`);
  const same = differences.length - changed.length;
  if (same > 0) print(`= ${same} the same`);
  if (differences.length === 0) print("There is nothing on either side.");
}
