import type { ArtifactStore, ArtifactStoreOptions, Storage } from "../../src/index.ts";
import { createArtifactStore, createMemoryStorage } from "../../src/index.ts";

/** Artifacts in memory, and what is below them. */
export function open(options: Partial<ArtifactStoreOptions> = {}): {
  readonly artifacts: ArtifactStore;
  readonly storage: Storage;
} {
  const storage = options.storage ?? createMemoryStorage();
  return { artifacts: createArtifactStore({ storage, ...options }), storage };
}

/** A stream of bytes. */
export async function* inChunks(
  ...chunks: readonly (Uint8Array | string)[]
): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after another
    await Promise.resolve();
    yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  }
}

/** All that is stored under a prefix. */
export async function keysOf(storage: Storage, prefix: string): Promise<readonly string[]> {
  const { entries } = await storage.open("artifacts").list({ prefix });
  return entries.map(({ key }) => key);
}
