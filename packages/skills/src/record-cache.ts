import type { Diagnostic } from "@codemode/core";

import { quoteName } from "./skill-error.ts";
import { readRecord } from "./skill-record.ts";
import type { SkillRecord } from "./skill-record.ts";

/** Records by the key of their skill. */
export interface RecordCache {
  /** Takes what a store holds; `undefined` where it holds nothing. */
  keep(key: string, value: unknown): void;
  get(key: string): SkillRecord | undefined;
  /** Also of records that cannot be read. */
  keys(): readonly string[];
  /** By name, without what was deleted. The same array until something changes. */
  sorted(): readonly SkillRecord[];
  diagnostics(): readonly Diagnostic[];
}

export function createRecordCache(): RecordCache {
  const records = new Map<string, SkillRecord>();
  const unreadable = new Map<string, Diagnostic>();
  let sorted: readonly SkillRecord[] | undefined;
  return {
    keep(key, value) {
      const record = value === undefined ? undefined : readRecord(value);
      sorted = undefined;
      unreadable.delete(key);
      if (record) records.set(key, record);
      else records.delete(key);
      if (!record && value !== undefined) unreadable.set(key, unreadableRecord(key));
    },
    get: (key) => records.get(key),
    keys: () => [...records.keys(), ...unreadable.keys()],
    sorted() {
      sorted ??= [...records.values()]
        .filter(({ deleted }) => !deleted)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return sorted;
    },
    diagnostics: () => [...unreadable.values()],
  };
}

function unreadableRecord(key: string): Diagnostic {
  return {
    code: "SKILL_UNREADABLE",
    message: `The stored record of skill ${quoteName(key)} cannot be read and was left out. Update codemode, or delete the record.`,
  };
}
