import type { GlobalOptions } from "../options.ts";
import { print, printJson, printNote } from "../output.ts";
import type { Difference } from "./collection.ts";

/** What stayed in the store, for no file can bear its name. */
export type Left = Pick<Difference, "type" | "name">;

/** Prints how things stood, a line each (what is marked `=` only in JSON), and what stayed. */
export function reportDifferences(
  differences: readonly Difference[],
  { json }: GlobalOptions,
  left: readonly Left[] = [],
): void {
  if (json) {
    printJson({ ok: left.length === 0, differences, ...(left.length === 0 ? {} : { left }) });
    return;
  }
  const changed = differences.filter(({ mark }) => mark !== "=");
  for (const { mark, type, name } of changed) print(`${mark} ${type}/${name}`);
  const same = differences.length - changed.length;
  if (same > 0) print(`= ${same} the same`);
  if (differences.length === 0) print("There is nothing on either side.");
  for (const { type, name } of left) printNote(leftNote(type, name));
}

function leftNote(type: Left["type"], name: string): string {
  const next = type === "artifacts" ? "; read it with: codemode artifacts get" : "";
  return `error: ${type}: ${JSON.stringify(name)} stays in the store: no file can bear that name here${next}`;
}
