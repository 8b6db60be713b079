import { randomBytes } from "node:crypto";

import { CodemodeError } from "@codemode/core";

import type { RedisConnection } from "./redis-connection.ts";
import type { RedisKeys } from "./redis-keys.ts";
import { PIECE_SCRIPT } from "./redis-scripts.ts";

/** Bytes of a piece of a large value. Smaller values are in their entry. */
const PIECE_BYTES = 1024 * 1024;
/** What nobody finishes to write is gone after this time without another piece. */
const UNFINISHED_MS = 60 * 60 * 1000;

/** A large value that is in Redis, but under no key yet. */
interface WrittenBlob {
  readonly id: string;
  readonly size: number;
  readonly pieces: number;
}

/** A value that is small enough for its entry, or a blob. */
export type WrittenValue = { readonly value: Buffer } | WrittenBlob;

/** What reads and writes blobs. */
export interface BlobContext {
  readonly keys: RedisKeys;
  readonly connection: RedisConnection;
}

/** Writes piece by piece. What fits into one piece is given back instead. */
export async function writeValue(
  context: BlobContext,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<WrittenValue> {
  const id = randomBytes(12).toString("base64url");
  let size = 0;
  let pieces = 0;
  let last: Buffer | undefined;
  const write = async (piece: Buffer): Promise<void> => {
    await writePiece(context, id, [pieces, piece]);
    pieces += 1;
    size += piece.byteLength;
  };
  try {
    for await (const piece of toPieces(source)) {
      if (last !== undefined) await write(last);
      last = piece;
    }
    if (pieces === 0) return { value: last ?? Buffer.alloc(0) };
    if (last !== undefined) await write(last);
    return { id, size, pieces };
  } catch (error) {
    if (pieces > 0) await discardBlob(context, id);
    throw error;
  }
}

async function writePiece(
  { keys, connection }: BlobContext,
  id: string,
  [number, piece]: readonly [number, Buffer],
): Promise<void> {
  await connection.run((redis) =>
    redis.eval(PIECE_SCRIPT, 1, keys.blob(id), String(number), piece, UNFINISHED_MS),
  );
}

/** It expires by itself where Redis cannot be told. */
export async function discardBlob({ keys, connection }: BlobContext, id: string): Promise<void> {
  await connection.run((redis) => redis.unlink(keys.blob(id))).catch(() => {});
}

/** Pieces of one size but the last. Bytes are copied: a source may use its buffer again. */
async function* toPieces(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.byteLength;) {
      const taken = Math.min(chunk.byteLength - offset, PIECE_BYTES - filled);
      piece.set(chunk.subarray(offset, offset + taken), filled);
      filled += taken;
      offset += taken;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = Buffer.allocUnsafe(PIECE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield Buffer.from(piece.subarray(0, filled));
}

/** The bytes of a blob from `start` up to `end`. It is kept for a while after it was replaced. */
export async function* readBlob(
  { keys, connection }: BlobContext,
  id: string,
  [start, end]: readonly [number, number],
): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end;) {
    const number = Math.floor(position / PIECE_BYTES);
    // oxlint-disable-next-line no-await-in-loop -- a piece when it is asked for
    const piece = await connection.run((redis) => redis.hgetBuffer(keys.blob(id), String(number)));
    if (piece === null) throw goneError();
    const offset = position - number * PIECE_BYTES;
    const bytes = piece.subarray(offset, offset + end - position);
    if (bytes.byteLength === 0) throw goneError();
    position += bytes.byteLength;
    yield new Uint8Array(bytes);
  }
}

/** A value was replaced long ago, or its pieces were lost. */
export function goneError(): CodemodeError {
  return new CodemodeError(
    "STORAGE_UNAVAILABLE",
    "The large value was replaced or removed while it was in use, or took too long to write. Begin again.",
    { retryable: true },
  );
}
