import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";

import { createProcessToken } from "@codemode/core/node";

import { toExpiry } from "../expiry.ts";
import type { PutOptions, StoredEntry } from "../storage.ts";
import { encodeHeader } from "./value-file.ts";

/** A whole value on the disk, under a name that nobody reads yet. */
export interface WrittenFile {
  readonly path: string;
  readonly entry: StoredEntry;
}

/** What is written where. */
export interface FileToWrite {
  /** The folder for files that are being written. */
  readonly folder: string;
  readonly key: string;
  readonly ttlSeconds: PutOptions["ttlSeconds"];
}

/** Writes a value and waits until the disk has it. Leaves no file where that fails. */
export async function writeValueFile(
  { folder, key, ttlSeconds }: FileToWrite,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<WrittenFile> {
  const path = join(folder, createProcessToken());
  const handle = await open(path, "wx", 0o600);
  try {
    const draft = {
      key,
      revision: randomBytes(9).toString("base64url"),
      size: 0,
      updatedAt: new Date().toISOString(),
      ...toExpiry(ttlSeconds),
    };
    const header = encodeHeader(draft);
    await writeAll(handle, header);
    let size = 0;
    for await (const chunk of source) {
      size += chunk.byteLength;
      await writeAll(handle, chunk);
    }
    const entry = { ...draft, size };
    await handle.write(encodeHeader(entry), 0, header.length, 0);
    await handle.sync();
    await handle.close();
    return { path, entry };
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
}

/** At the end of the file; the system may take less at once than it is given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.byteLength;) {
    // oxlint-disable-next-line no-await-in-loop -- the rest comes after what was written
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}
