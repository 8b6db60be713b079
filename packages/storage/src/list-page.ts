import { compareKeys } from "./key.ts";
import type { ListOptions, ListPage, StoredEntry } from "./storage.ts";

/** Where the keys after `after` begin, in keys in order. */
function firstAfter(sortedKeys: readonly string[], after: string): number {
  let low = 0;
  let high = sortedKeys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(sortedKeys[middle] ?? "", after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One page of keys in order. Those that `find` no longer finds are left out. */
export function toPage(
  sortedKeys: readonly string[],
  { prefix = "", limit = 1000, after = "" }: ListOptions,
  find: (key: string) => StoredEntry | undefined,
): ListPage {
  const entries: StoredEntry[] = [];
  for (let index = firstAfter(sortedKeys, after); index < sortedKeys.length; index += 1) {
    const key = sortedKeys[index] ?? "";
    if (!key.startsWith(prefix)) {
      if (compareKeys(key, prefix) > 0) break;
      continue;
    }
    const entry = find(key);
    if (entry === undefined) continue;
    if (entries.length === limit) return { entries, next: entries.at(-1)?.key ?? after };
    entries.push(entry);
  }
  return { entries };
}
