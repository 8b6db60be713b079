import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";

import { unless } from "@codemode/core/node";

import { isExpired } from "../expiry.ts";
import type { ByteRange, StoredEntry, StoredStream, StoredValue } from "../storage.ts";
import { corruptError, disposedError } from "../store-errors.ts";
import type { ValueHeader } from "./value-file.ts";
import { readHeader } from "./value-file.ts";

const CHUNK_BYTES = 256 * 1024;
/** A stream that nobody has begun to read holds its file open as long. */
const UNREAD_MS = 60_000;

/** An open file stays the value it was, whatever takes its name meanwhile. */
async function openValue(
  path: string,
  key: string,
): Promise<(ValueHeader & { readonly handle: FileHandle }) | undefined> {
  const handle = await unless(["ENOENT"], open(path, "r"));
  if (handle === undefined) return undefined;
  try {
    const header = await readHeader(handle, key);
    if (!isExpired(header.entry)) return { ...header, handle };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

/** The entry of a key; `undefined` where there is none or its time is up. */
export async function readEntry(path: string, key: string): Promise<StoredEntry | undefined> {
  const opened = await openValue(path, key);
  await opened?.handle.close();
  return opened?.entry;
}

/** The whole value of a key. */
export async function readValue(path: string, key: string): Promise<StoredValue | undefined> {
  const opened = await openValue(path, key);
  if (opened === undefined) return undefined;
  const { entry, handle } = opened;
  try {
    const value = new Uint8Array(entry.size);
    let filled = 0;
    while (filled < entry.size) {
      // oxlint-disable-next-line no-await-in-loop -- the rest comes after what was read
      const { bytesRead } = await handle.read(
        value,
        filled,
        entry.size - filled,
        opened.valueStart + filled,
      );
      if (bytesRead === 0) throw corruptError(key);
      filled += bytesRead;
    }
    return { ...entry, value };
  } finally {
    await handle.close();
  }
}

/** Files that streams hold open. */
export type OpenStreams = Set<() => Promise<void>>;

/** The value of a key, chunk by chunk. */
export async function readStream(
  {
    path,
    key,
    streams,
  }: { readonly path: string; readonly key: string; readonly streams: OpenStreams },
  range: ByteRange,
): Promise<StoredStream | undefined> {
  const opened = await openValue(path, key);
  if (opened === undefined) return undefined;
  const { entry, handle, valueStart } = opened;
  const start = valueStart + Math.min(range.start ?? 0, entry.size);
  const end = valueStart + Math.min(range.end ?? entry.size, entry.size);
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    streams.delete(close);
    await handle.close();
  };
  streams.add(close);
  const unread = setTimeout(() => void close(), UNREAD_MS).unref();
  async function* read(): AsyncGenerator<Uint8Array> {
    clearTimeout(unread);
    try {
      for (let position = start; position < end;) {
        if (closed) throw disposedError();
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
        // oxlint-disable-next-line no-await-in-loop -- a chunk when it is asked for
        const { bytesRead } = await handle.read(chunk, 0, chunk.byteLength, position);
        if (bytesRead === 0) throw corruptError(key);
        position += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await close();
    }
  }
  return { ...entry, chunks: read() };
}
