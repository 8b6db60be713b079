import { readFileSync } from "node:fs";

// Version 2 of cgroups, and version 1.
const FILES = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"];

/** How often the system has ended a process of this container for its memory. */
export function countOomKills(): number {
  for (const file of FILES) {
    try {
      const count = parseOomKills(readFileSync(file, "utf8"));
      if (count !== undefined) return count;
    } catch {
      // The other version, or a runtime without either.
    }
  }
  return 0;
}

/** From the text of either version's file. */
export function parseOomKills(text: string): number | undefined {
  const [, count] = /^oom_kill (\d+)$/m.exec(text) ?? [];
  return count === undefined ? undefined : Number(count);
}
