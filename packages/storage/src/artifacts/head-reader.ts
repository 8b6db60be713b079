import { isCodemodeError } from "@codemode/core";

import type { ListPage, Store, StoredEntry } from "../storage.ts";
import type { ArtifactHead } from "./artifact-head.ts";
import { artifactKeys, decodeHead } from "./artifact-head.ts";

/** A record and the revision it was read at. */
export interface ReadHead {
  readonly name: string;
  readonly revision: string;
  readonly head: ArtifactHead;
}

/** Reads records, of many those only that changed since they were last read. */
export interface HeadReader {
  read(name: string): Promise<ReadHead | undefined>;
  /** What `pick` makes of those of a page that are still there and can be read; no more is held. */
  readPage<Picked>(
    page: ListPage,
    pick: (head: ReadHead) => Picked | undefined,
  ): Promise<readonly Picked[]>;
}

/** Of records as they are stored. */
const CACHED_BYTES = 16 * 1024 * 1024;
const AT_ONCE = 32;

export function createHeadReader(store: Store): HeadReader {
  const cache = new Map<string, ReadHead>();
  let cachedBytes = 0;

  const read = async (name: string): Promise<ReadHead | undefined> => {
    const stored = await store.get(artifactKeys.head(name));
    if (!stored) {
      cache.delete(name);
      return undefined;
    }
    const known = cache.get(name);
    if (known?.revision === stored.revision) return known;
    const head = { name, revision: stored.revision, head: decodeHead(name, stored.value) };
    cachedBytes += stored.size;
    if (cachedBytes > CACHED_BYTES) {
      cache.clear();
      cachedBytes = stored.size;
    }
    cache.set(name, head);
    return head;
  };
  const readListed = async ({ key, revision }: StoredEntry): Promise<ReadHead | undefined> => {
    const name = artifactKeys.nameOfHead(key);
    const known = cache.get(name);
    if (known?.revision === revision) return known;
    try {
      return await read(name);
    } catch (error) {
      // One broken record must not hide all the others; asking for it by name tells.
      if (isCodemodeError(error, "STORAGE_CORRUPT")) return undefined;
      throw error;
    }
  };
  return {
    read,
    async readPage({ entries }, pick) {
      const picked: NonNullable<ReturnType<typeof pick>>[] = [];
      for (let index = 0; index < entries.length; index += AT_ONCE) {
        const group = entries.slice(index, index + AT_ONCE);
        // oxlint-disable-next-line no-await-in-loop -- so many at once, not all
        for (const head of await Promise.all(group.map(readListed))) {
          const one = head && pick(head);
          if (one) picked.push(one);
        }
      }
      return picked;
    },
  };
}
