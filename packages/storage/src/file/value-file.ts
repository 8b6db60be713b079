import { closeSync, openSync, readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";

import type { StoredEntry } from "../storage.ts";
import { corruptError } from "../store-errors.ts";

// A file is one line of text, `codemode-value 1 <size> <JSON>`, and the bytes of the value. The size
// has a fixed width, because that of a stream is known last.
const MAGIC = "codemode-value 1 ";
const SIZE_DIGITS = 16;
/** Most headers are shorter; the longest key, each byte escaped, is not. */
const FIRST_READ_BYTES = 320;
const MAX_HEADER_BYTES = 4096;
const NEWLINE = 0x0a;

/** The line before the bytes of a value. */
export function encodeHeader({ size, ...rest }: StoredEntry): Buffer {
  const digits = String(size).padStart(SIZE_DIGITS, "0");
  return Buffer.from(`${MAGIC}${digits} ${JSON.stringify(rest)}\n`);
}

/** The entry a file begins with, and where its bytes are. */
export interface ValueHeader {
  readonly entry: StoredEntry;
  readonly valueStart: number;
}

/** Reads the header of an open file. `STORAGE_CORRUPT` where it is none or not of `key`. */
export async function readHeader(handle: FileHandle, key: string): Promise<ValueHeader> {
  const buffer = Buffer.allocUnsafe(MAX_HEADER_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, MAX_HEADER_BYTES, 0);
  const header = decodeHeader(buffer.subarray(0, bytesRead));
  const { size } = await handle.stat();
  if (header?.entry.key !== key || size !== header.valueStart + header.entry.size) {
    throw corruptError(key);
  }
  return header;
}

/** The entry of a file of that size in bytes; `undefined` where it is none of ours. For many in a row. */
export function readEntrySync(path: string, fileSize: number): StoredEntry | undefined {
  const descriptor = openSync(path, "r");
  try {
    for (const length of [FIRST_READ_BYTES, MAX_HEADER_BYTES]) {
      const buffer = Buffer.allocUnsafe(length);
      const header = decodeHeader(buffer.subarray(0, readSync(descriptor, buffer, 0, length, 0)));
      if (header !== undefined) {
        return header.valueStart + header.entry.size === fileSize ? header.entry : undefined;
      }
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function decodeHeader(bytes: Buffer): ValueHeader | undefined {
  const end = bytes.indexOf(NEWLINE);
  const line = bytes.toString("utf8", 0, Math.max(end, 0));
  if (!line.startsWith(MAGIC)) return undefined;
  const jsonStart = MAGIC.length + SIZE_DIGITS + 1;
  const entry = toEntry(line.slice(jsonStart), Number(line.slice(MAGIC.length, jsonStart)));
  return entry && { entry, valueStart: end + 1 };
}

function toEntry(json: string, size: number): StoredEntry | undefined {
  const { key, revision, updatedAt, expiresAt } = parseObject(json);
  if (typeof key !== "string" || typeof revision !== "string") return undefined;
  if (typeof updatedAt !== "string" || !Number.isSafeInteger(size)) return undefined;
  const entry = { key, revision, size, updatedAt };
  return typeof expiresAt === "string" ? { ...entry, expiresAt } : entry;
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return { ...Object(value) };
  } catch {
    // A file of somebody else; the missing fields say so.
    return {};
  }
}
