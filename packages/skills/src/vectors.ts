import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import type { Store } from "@codemode/storage";

import type { EmbeddingProvider } from "./skill-source.ts";

/** Vectors of texts, made once and kept. */
export interface Vectors {
  /** Of length 1, in the order of the texts. Rejects where the provider does. */
  of(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Of a text that is not worth keeping. */
  ofQuery(text: string): Promise<Float32Array>;
}

const BATCH = 64;
const READS_AT_ONCE = 64;
const EMBED_TIMEOUT_MS = 15_000;

/** Keeps vectors in a store under the digest of their text, and in memory. */
export function createVectors(provider: EmbeddingProvider, store: Store): Vectors {
  const known = new Map<string, Float32Array>();
  const prefix = `vector/${digestOf(provider.id).slice(0, 16)}/`;
  const make = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    const made = await embed(provider, texts);
    await Promise.all(
      made.map(async (vector, index) => {
        const key = digestOf(texts[index] ?? "");
        known.set(key, vector);
        // A vector that is not kept is made again.
        await store.put(prefix + key, toBytes(vector)).catch(() => undefined);
      }),
    );
    return made;
  };
  const recall = async (text: string): Promise<boolean> => {
    const key = digestOf(text);
    if (known.has(key)) return true;
    // A store that fails costs time, not the search: the text is embedded again.
    const stored = await store.get(prefix + key).catch(() => undefined);
    const vector = stored && fromBytes(stored.value);
    if (vector) known.set(key, vector);
    return vector !== undefined;
  };
  return {
    async of(texts) {
      const missing: string[] = [];
      for (const some of chunk([...new Set(texts)], READS_AT_ONCE)) {
        // oxlint-disable-next-line no-await-in-loop -- a bounded number at once
        const found = await Promise.all(some.map(recall));
        missing.push(...some.filter((_text, index) => found[index] !== true));
      }
      for (const some of chunk(missing, BATCH)) {
        // oxlint-disable-next-line no-await-in-loop -- providers take batches, one at a time
        await make(some);
      }
      return texts.map((text) => known.get(digestOf(text)) ?? new Float32Array());
    },
    async ofQuery(text) {
      const [vector] = await embed(provider, [text]);
      return vector ?? new Float32Array();
    },
  };
}

/** How alike two vectors of length 1 are; 0 where they cannot be compared. */
export function similarity(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

async function embed(
  provider: EmbeddingProvider,
  texts: readonly string[],
): Promise<readonly Float32Array[]> {
  const stop = new AbortController();
  const late = delay(EMBED_TIMEOUT_MS, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new Error(`no answer in ${EMBED_TIMEOUT_MS} ms`);
  });
  try {
    const vectors = await Promise.race([provider.embed(texts), late]);
    if (vectors.length !== texts.length) throw new Error("not one vector for each text");
    return vectors.map(toUnit);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}

function toUnit(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) throw new Error("a vector that is none");
  return Float32Array.from(vector, (value) => value / length);
}

function toBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

function fromBytes(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.byteLength === 0 || bytes.byteLength % 4 !== 0) return undefined;
  const vector = new Float32Array(bytes.slice().buffer);
  return vector.every((value) => Number.isFinite(value)) ? vector : undefined;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function chunk(texts: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, index) =>
    texts.slice(index * size, (index + 1) * size),
  );
}
