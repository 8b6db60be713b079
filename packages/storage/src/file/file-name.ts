import { createHash } from "node:crypto";

/** Longer names are hashed: file systems end at 255 bytes, some encrypted ones at 143. */
const MAX_NAME_LENGTH = 140;
const HASHED = "%%";
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/u;

/**
 * The name of the file of a key: one and the same on every file system, whether or not it tells
 * upper case from lower, composed from decomposed, or takes all characters. `[a-z0-9_-]` stay, all
 * other bytes are `%` and two hexadecimal digits.
 */
export function keyToFileName(key: string): string {
  let name = key.replaceAll(/[^a-z0-9_-]+/gu, encodeBytes);
  if (RESERVED.test(name)) name = encodeBytes(name.slice(0, 1)) + name.slice(1);
  if (name.length <= MAX_NAME_LENGTH) return name;
  return HASHED + createHash("sha256").update(key).digest("hex");
}

function encodeBytes(text: string): string {
  return Buffer.from(text)
    .toString("hex")
    .replaceAll(/../gu, (digits) => `%${digits}`);
}

/** The key of a file, or `hashed` where only its header says; `undefined` where none of ours. */
export function fileNameToKey(name: string): string | typeof HASHED_KEY | undefined {
  if (name.startsWith(HASHED)) return HASHED_KEY;
  if (!name.includes("%")) return keyToFileName(name) === name ? name : undefined;
  try {
    const key = decodeURIComponent(name);
    return keyToFileName(key) === name ? key : undefined;
  } catch {
    // A name with a broken percent sequence is nothing we wrote.
    return undefined;
  }
}

/** Stands for a key that only the file itself holds. */
export const HASHED_KEY: unique symbol = Symbol("hashed key");
