import type { StoredEntry } from "@codemode/storage";
import { corruptError } from "@codemode/storage/driver";

/** What is known of a value, as Redis has it: texts. */
export interface EntryTexts {
  readonly revision: string | undefined;
  readonly size: string | undefined;
  readonly updated: string | undefined;
  readonly expires: string | undefined;
}

/** The entry those texts stand for. `STORAGE_CORRUPT` where they are not ours. */
export function toEntry(
  key: string,
  { revision, size, updated, expires }: EntryTexts,
): StoredEntry {
  if (revision === undefined || !isNumber(size) || !isNumber(updated)) throw corruptError(key);
  const entry = { key, revision, size: Number(size), updatedAt: toIso(updated) };
  return isNumber(expires) ? { ...entry, expiresAt: toIso(expires) } : entry;
}

/** A member of the index, `undefined` where it is not ours. */
export function parseMember(member: string): StoredEntry | undefined {
  const [, key, revision, size, updated, expires] =
    /^([^\0]+)\0(\S+) (\d+) (\d+) (\d*)$/u.exec(member) ?? [];
  return key === undefined ? undefined : toEntry(key, { revision, size, updated, expires });
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/u.test(text);
}

function toIso(milliseconds: string): string {
  return new Date(Number(milliseconds)).toISOString();
}
