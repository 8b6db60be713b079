import { isDeepStrictEqual } from "node:util";

import { isRecord } from "@codemode/core";
import { parse, stringify } from "smol-toml";

import { tableOf } from "./toml-document.ts";

/**
 * Sets the keys of a table; everything outside it stays as it is, letter for letter. Gives nothing
 * where the table is not written under a header of its own.
 */
export function setInToml(
  text: string,
  path: readonly string[],
  keys: Readonly<Record<string, unknown>>,
): string | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => tableOf(line)?.join("\0") === path.join("\0"));
  const end =
    start === -1 ? -1 : lines.findIndex((line, at) => at > start && tableOf(line) !== undefined);
  const before = start === -1 ? lines : lines.slice(0, start);
  const table = start === -1 ? [] : lines.slice(start + 1, end === -1 ? undefined : end);
  const after = end === -1 ? [] : lines.slice(end);
  const merged = parseTable(table.join("\n"));
  if (!merged) return undefined;
  const header = `[${path.map(toKey).join(".")}]`;
  const own = `${header}\n${stringify({ ...merged, ...keys }).trimEnd()}\n`;
  const head = before.join("\n").trimEnd();
  const changed = [
    head === "" ? own : `${head}\n\n${own}`,
    ...(after.length > 0 ? [after.join("\n")] : []),
  ].join("\n");
  return isOnlyChange(text, changed, path) ? changed : undefined;
}

function parseTable(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parse(text);
  } catch {
    // What looked like the next header stands inside a value.
    return undefined;
  }
}

/** Whether two files say the same beside one table. */
function isOnlyChange(before: string, after: string, path: readonly string[]): boolean {
  try {
    return isDeepStrictEqual(without(parse(before), path), without(parse(after), path));
  } catch {
    // What no longer parses was changed in more than that.
    return false;
  }
}

/** Tables that hold nothing else are left out too: an added one may be the first in them. */
function without(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (!isRecord(value) || key === undefined) return value;
  const { [key]: inner, ...others } = value;
  if (rest.length === 0) return others;
  const kept = without(inner, rest);
  return isRecord(kept) && Object.keys(kept).length > 0 ? { ...others, [key]: kept } : others;
}

function toKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
