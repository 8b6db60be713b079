import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { PutOptions, Store, StoredEntry } from "../storage.ts";
import { isSwept } from "../unnamed-values.ts";
import type { ArtifactContent } from "./artifact-content.ts";
import type { ArtifactHead, HeadVersion } from "./artifact-head.ts";
import { artifactKeys, encodeHead, liveVersions, toEntry } from "./artifact-head.ts";
import type { CheckedOptions } from "./artifact-options.ts";
import type { ArtifactQuota, Reservation } from "./artifact-quota.ts";
import { overheadOf } from "./artifact-quota.ts";
import type { ArtifactEntry } from "./artifact.ts";
import type { HeadReader, ReadHead } from "./head-reader.ts";

/** What saves and deletions share. */
export interface ArtifactParts {
  readonly store: Store;
  readonly heads: HeadReader;
  readonly quota: ArtifactQuota;
  readonly maxVersions: number;
  /** Told of what is written: it may be time to sweep. */
  readonly tidy: (written: StoredEntry) => void;
}

/** One save. */
export interface SaveRequest {
  readonly name: string;
  readonly content: ArtifactContent;
  readonly options: CheckedOptions;
}

/** Writes the bytes under a key of their own, then makes them the newest version in one step. */
export async function saveArtifact(
  parts: ArtifactParts,
  request: SaveRequest,
): Promise<ArtifactEntry> {
  const { name, options } = request;
  // Before anything is written; it is asked again when the record is replaced.
  checkVersion(name, options, await parts.heads.read(name));
  const id = randomUUID();
  const body = artifactKeys.body(name, id);
  const reservation = parts.quota.reserve(name);
  let isStored = false;
  let mayBeNamed = false;
  try {
    const { bytes } = request.content;
    const known = bytes instanceof Uint8Array ? bytes.byteLength : 0;
    await reservation.take(overheadOf(options) + known);
    const written = await writeBody(parts, { ...request, body, reservation });
    mayBeNamed = true;
    const entry = await addVersion(parts, request, { id, ...written });
    if (await isSwept(parts.store, body)) throw await takeBack(parts, name, id);
    isStored = true;
    return entry;
  } catch (error) {
    if (isCodemodeError(error, "STORAGE_CONFLICT")) mayBeNamed = false;
    throw error;
  } finally {
    reservation.end(isStored ? "stored" : "failed");
    // An answer that was lost may have been a yes. Then, or where even this fails, the bytes stay
    // until a sweep finds that they have no name.
    if (!isStored && !mayBeNamed) await parts.store.delete(body).catch(() => false);
  }
}

interface BodyRequest extends SaveRequest {
  readonly body: string;
  readonly reservation: Reservation;
}

interface WrittenBody {
  readonly size: number;
  readonly digest: string;
}

// A value of this size is put at once; a larger one as a stream, which drivers let be larger.
const PUT_BYTES = 1024 * 1024;
/** Readers that found the record before its time was up still find the bytes. */
const GRACE_SECONDS = 60;

async function writeBody(
  { store, tidy }: ArtifactParts,
  request: BodyRequest,
): Promise<WrittenBody> {
  const { body, reservation, options } = request;
  const { bytes } = request.content;
  const put: PutOptions =
    options.ttlSeconds === undefined ? {} : { ttlSeconds: options.ttlSeconds + GRACE_SECONDS };
  const digest = createHash("sha256");
  let size = 0;
  const count = async (chunk: Uint8Array): Promise<Uint8Array> => {
    if (!(bytes instanceof Uint8Array)) await reservation.take(chunk.byteLength);
    size += chunk.byteLength;
    digest.update(chunk);
    return chunk;
  };
  if (bytes instanceof Uint8Array && bytes.byteLength <= PUT_BYTES) {
    tidy(await store.put(body, await count(bytes), put));
  } else {
    tidy(await store.write(body, counted(bytes, count), put));
  }
  return { size, digest: `sha256:${digest.digest("hex")}` };
}

async function* counted(
  bytes: ArtifactContent["bytes"],
  count: (chunk: Uint8Array) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (bytes instanceof Uint8Array) {
    for (let start = 0; start < bytes.byteLength; start += PUT_BYTES) {
      // oxlint-disable-next-line no-await-in-loop -- chunks come one after another
      yield await count(bytes.subarray(start, start + PUT_BYTES));
    }
    return;
  }
  for await (const chunk of bytes) yield await count(chunk);
}

/** Many writers of one name take turns by chance; each turn one of them gets on. */
const MAX_ATTEMPTS = 200;
const MAX_PAUSE_MS = 40;

async function addVersion(
  parts: ArtifactParts,
  { name, content, options }: SaveRequest,
  body: WrittenBody & { readonly id: string },
): Promise<ArtifactEntry> {
  for (let attempt = 1; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt needs the record as it is then
    const current = await parts.heads.read(name);
    const before = checkVersion(name, options, current);
    const savedAt = new Date();
    const version: HeadVersion = {
      version: before + 1,
      id: body.id,
      size: body.size,
      kind: content.kind,
      contentType: content.contentType,
      description: options.description,
      metadata: options.metadata,
      savedAt: savedAt.toISOString(),
      ...expiry(savedAt, options.ttlSeconds),
      digest: body.digest,
    };
    const { head, dropped } = nextHead(current, version, parts.maxVersions);
    try {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await parts.store.put(artifactKeys.head(name), encodeHead(head), {
        ifRevision: current?.revision ?? null,
        ...(options.ttlSeconds === undefined ? {} : { ttlSeconds: options.ttlSeconds }),
      });
    } catch (error) {
      if (!isCodemodeError(error, "STORAGE_CONFLICT") || attempt === MAX_ATTEMPTS) throw error;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await sleep(Math.random() * Math.min(attempt * 2, MAX_PAUSE_MS));
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop -- the last turn
    await dropBodies(parts, name, dropped);
    return toEntry(name, head, version);
  }
}

function expiry(from: Date, ttlSeconds: number | undefined): { readonly expiresAt?: string } {
  if (ttlSeconds === undefined) return {};
  return { expiresAt: new Date(from.getTime() + ttlSeconds * 1_000).toISOString() };
}

interface NextHead {
  readonly head: ArtifactHead;
  /** No longer reachable. */
  readonly dropped: readonly HeadVersion[];
}

function nextHead(
  current: ReadHead | undefined,
  version: HeadVersion,
  maxVersions: number,
): NextHead {
  // What expired as a whole has ended: a save of its name begins anew.
  const live = current ? liveVersions(current.head) : [];
  const versions = [...live, version].slice(-maxVersions);
  const createdAt = live.length > 0 && current ? current.head.createdAt : version.savedAt;
  const kept = new Set(versions);
  const dropped = current?.head.versions.filter((old) => !kept.has(old)) ?? [];
  return { head: { createdAt, versions }, dropped };
}

/** The number of the newest version, 0 for none. `STORAGE_CONFLICT` where it is not the one asked for. */
function checkVersion(
  name: string,
  { ifVersion }: CheckedOptions,
  current: ReadHead | undefined,
): number {
  const newest = current ? (liveVersions(current.head).at(-1)?.version ?? 0) : 0;
  if (ifVersion === undefined || ifVersion === newest) return newest;
  const is = newest === 0 ? "is not there" : `is at version ${newest}`;
  const message = `The artifact ${JSON.stringify(name)} ${is}; it was to be saved over ${ifVersion === 0 ? "none" : `version ${ifVersion}`}. Load it again, then save.`;
  throw new CodemodeError("STORAGE_CONFLICT", message, { details: { version: newest } });
}

/** A version whose bytes may be gone goes as well. Gives what the save failed with. */
async function takeBack(
  { store, heads }: ArtifactParts,
  name: string,
  id: string,
): Promise<CodemodeError> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt needs the record as it is then
    const current = await heads.read(name);
    const versions = current?.head.versions.filter((version) => version.id !== id) ?? [];
    if (current === undefined || versions.length === current.head.versions.length) break;
    const head = artifactKeys.head(name);
    const ifRevision = current.revision;
    const value = encodeHead({ ...current.head, versions });
    try {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await (versions.length === 0
        ? store.delete(head, { ifRevision })
        : store.put(head, value, { ifRevision }));
    } catch (error) {
      if (!isCodemodeError(error, "STORAGE_CONFLICT")) throw error;
    }
  }
  const message = `Saving ${JSON.stringify(name)} was interrupted for so long that its bytes were taken for abandoned. Save it again.`;
  return new CodemodeError("STORAGE_UNAVAILABLE", message, { retryable: true });
}

/** Bytes that no record names any more. What fails here is for the next sweep: the save is done. */
export async function dropBodies(
  { store, quota }: ArtifactParts,
  name: string,
  versions: readonly HeadVersion[],
): Promise<void> {
  const drops = versions.map(async ({ id, size, ...options }) => {
    const wasThere = await store.delete(artifactKeys.body(name, id));
    if (wasThere) quota.free(size + overheadOf(options));
  });
  await Promise.allSettled(drops);
}
