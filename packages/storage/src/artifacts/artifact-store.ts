import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { Storage } from "../storage.ts";
import { createDailySweep } from "../unnamed-values.ts";
import { toContent, toValue } from "./artifact-content.ts";
import { artifactKeys, liveVersions, toEntry } from "./artifact-head.ts";
import { checkArtifactName } from "./artifact-name.ts";
import { checkSaveOptions } from "./artifact-options.ts";
import { createArtifactQuota } from "./artifact-quota.ts";
import type {
  ArtifactEntry,
  ArtifactMatch,
  ArtifactPage,
  ArtifactStore,
  ListArtifactsOptions,
} from "./artifact.ts";
import { createHeadReader } from "./head-reader.ts";
import {
  collect,
  entryOf,
  findVersion,
  readPart,
  streamArtifact,
  tooLarge,
} from "./read-artifact.ts";
import type { ArtifactParts } from "./save-artifact.ts";
import { dropBodies, saveArtifact } from "./save-artifact.ts";
import { bestOf, searchEntries } from "./search-entries.ts";
import { sweepArtifacts } from "./sweep-artifacts.ts";

/** Where artifacts are kept and how many. */
export interface ArtifactStoreOptions {
  /** Not disposed with the artifacts. */
  readonly storage: Storage;
  /** Default `artifacts`. */
  readonly namespace?: string;
  /** What all versions of all artifacts may hold. Default 1 GiB. */
  readonly quotaBytes?: number;
  /** Versions kept of one artifact; the oldest go first. Default 20. */
  readonly maxVersions?: number;
  /** What `load` and `part` hold at once. Default 64 MiB. */
  readonly maxLoadBytes?: number;
}

const QUOTA_BYTES = 1024 ** 3;
const MAX_LOAD_BYTES = 64 * 1024 ** 2;
const MAX_VERSIONS = 20;

/** Artifacts on any storage. */
export function createArtifactStore(options: ArtifactStoreOptions): ArtifactStore {
  const store = options.storage.open(options.namespace ?? "artifacts");
  const maxLoadBytes = options.maxLoadBytes ?? MAX_LOAD_BYTES;
  const heads = createHeadReader(store);
  const sweep = (): Promise<number> => sweepArtifacts(parts);
  const quota = createArtifactQuota(store, options.quotaBytes ?? QUOTA_BYTES, sweep);
  const maxVersions = Math.max(1, options.maxVersions ?? MAX_VERSIONS);
  const tidy = createDailySweep(store, sweep);
  const parts: ArtifactParts = { store, heads, quota, maxVersions, tidy };
  const get = async (name: string, version?: number): Promise<ArtifactEntry | undefined> => {
    checkArtifactName(name);
    const head = await heads.read(name);
    return head && entryOf(head, version);
  };
  return {
    async save(name, data, saveOptions = {}) {
      checkArtifactName(name);
      const checked = checkSaveOptions(saveOptions);
      const content = toContent(data, checked.contentType);
      return saveArtifact(parts, { name, content, options: checked });
    },
    async load(name, readOptions = {}) {
      checkArtifactName(name);
      const { start, end, version, as } = readOptions;
      const isWhole = start === undefined && end === undefined && as === undefined;
      if (!isWhole)
        return (await readPart(parts, name, { ...readOptions, maxBytes: maxLoadBytes })).data;
      const { entry } = await findVersion(parts, name, version);
      if (entry.size > maxLoadBytes) throw tooLarge(name, entry.size, maxLoadBytes);
      const { kind, chunks } = await streamArtifact(parts, name, { version: entry.version });
      return toValue(kind, await collect(chunks));
    },
    async part(name, readOptions = {}) {
      checkArtifactName(name);
      return readPart(parts, name, { ...readOptions, maxBytes: maxLoadBytes });
    },
    async stream(name, readOptions = {}) {
      checkArtifactName(name);
      return streamArtifact(parts, name, readOptions);
    },
    get: (name, { version } = {}) => get(name, version),
    exists: async (name) => (await get(name)) !== undefined,
    delete: async (name) => {
      checkArtifactName(name);
      return deleteArtifact(parts, name);
    },
    list: (listOptions = {}) => listArtifacts(parts, listOptions),
    async search(query, { limit = 10 } = {}) {
      return searchArtifacts(parts, query, clamp(limit, 100));
    },
    async versions(name) {
      checkArtifactName(name);
      const current = await heads.read(name);
      if (!current) return [];
      const entries = liveVersions(current.head).map((one) => toEntry(name, current.head, one));
      return entries.toReversed();
    },
    sweep,
  };
}

const DELETE_ATTEMPTS = 50;

async function deleteArtifact(parts: ArtifactParts, name: string): Promise<boolean> {
  try {
    return await deleteReadable(parts, name);
  } catch (error) {
    if (!isCodemodeError(error, "STORAGE_CORRUPT")) throw error;
    // Which bytes it named nobody knows: they are for the sweep.
    return await parts.store.delete(artifactKeys.head(name));
  }
}

async function deleteReadable(parts: ArtifactParts, name: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt needs the record as it is then
    const current = await parts.heads.read(name);
    if (!current) return false;
    try {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const wasThere = await parts.store.delete(artifactKeys.head(name), {
        ifRevision: current.revision,
      });
      // oxlint-disable-next-line no-await-in-loop -- the last turn
      if (wasThere) await dropBodies(parts, name, current.head.versions);
      return wasThere && liveVersions(current.head).length > 0;
    } catch (error) {
      if (!isCodemodeError(error, "STORAGE_CONFLICT") || attempt === DELETE_ATTEMPTS) throw error;
    }
  }
}

async function listArtifacts(
  { store, heads }: ArtifactParts,
  { prefix = "", limit = 100, after }: ListArtifactsOptions,
): Promise<ArtifactPage> {
  const page = await store.list({
    prefix: artifactKeys.head(prefix),
    limit: clamp(limit, 1_000),
    ...(after === undefined ? {} : { after: checkCursor(after) }),
  });
  const artifacts = await heads.readPage(page, (head) => entryOf(head));
  return { artifacts, ...(page.next === undefined ? {} : { next: page.next }) };
}

/** Page by page: of all that is there only the best are held. */
async function searchArtifacts(
  parts: ArtifactParts,
  query: string,
  limit: number,
): Promise<readonly ArtifactMatch[]> {
  let best: readonly ArtifactMatch[] = [];
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page: ArtifactPage = await listArtifacts(parts, {
      limit: 1_000,
      ...(after === undefined ? {} : { after }),
    });
    best = bestOf([...best, ...searchEntries(query, page.artifacts)], limit);
    after = page.next;
  } while (after !== undefined);
  return best;
}

function checkCursor(after: unknown): string {
  if (typeof after === "string") return after;
  throw new CodemodeError("INVALID_ARGUMENTS", '"after" is the "next" of the page before.');
}

function clamp(limit: number, max: number): number {
  return Number.isFinite(limit) ? Math.min(Math.max(Math.trunc(limit), 1), max) : max;
}
