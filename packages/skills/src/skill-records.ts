import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import { CodemodeError, isCodemodeError } from "@codemode/core";
import { createDailySweep, getJson, isSwept, putJson, sweepUnnamed } from "@codemode/storage";
import type { Store, StoredEntry } from "@codemode/storage";

import { bundledFiles, filesFromJson, filesToJson } from "./file-codec.ts";
import { quoteName } from "./skill-error.ts";
import { skillKey } from "./skill-name.ts";
import { readRecord, recordToJson } from "./skill-record.ts";
import type { SkillRecord, VersionRecord } from "./skill-record.ts";
import type { SkillFiles } from "./skill.ts";

/** Where records stand; what follows is the key of the skill. */
export const HEAD_PREFIX = "head/";
/** Where contents stand; then the key of the skill, a slash, and a part of its own. */
const CONTENT_PREFIX = "content/";

/** Records and contents in a store. */
export interface SkillRecords {
  readonly store: Store;
  /** By name or key. */
  read(name: string): Promise<SkillRecord | undefined>;
  /**
   * Changes a record as nobody else does meanwhile; `change` may be called again, with what
   * somebody else has made of it. What it gives back unchanged is not written.
   */
  change(
    name: string,
    change: (record: SkillRecord | undefined) => SkillRecord | undefined,
  ): Promise<SkillRecord | undefined>;
  /** Keeps contents that no record names yet. Gives the part of their key to name them by. */
  putContent(name: string, files: SkillFiles): Promise<{ content: string; size: number }>;
  /** For who has just named contents: puts back what a sweep took while they had no name. */
  keepContent(name: string, content: string, files: SkillFiles): Promise<void>;
  getContent(name: string, version: VersionRecord): Promise<SkillFiles>;
  /** Contents that no record names any more. What cannot be removed stays, unseen. */
  removeContents(name: string, contents: readonly string[]): Promise<void>;
  /** Removes contents that who died left without a name; once a day also done by who writes. */
  sweep(): Promise<number>;
}

const MAX_ATTEMPTS = 60;
const FIRST_WAIT_MS = 4;
const MAX_WAIT_MS = 250;
// A machine that looks at its folder after longer than this may bring a deleted skill back.
const TOMBSTONE_SECONDS = 90 * 24 * 3600;
// Above it, contents go as a stream: a value has a size limit below that of a skill.
const MAX_PLAIN_BYTES = 1024 * 1024;

/** Records of skills in one namespace. */
export function createSkillRecords(store: Store): SkillRecords {
  const read = async (
    name: string,
  ): Promise<{ record: SkillRecord | undefined; revision: string | null }> => {
    const stored = await getJson(store, headKey(name));
    if (!stored) return { record: undefined, revision: null };
    const record = readRecord(stored.value);
    if (!record) throw foreignRecord(name);
    return { record, revision: stored.revision };
  };
  const sweep = (): Promise<number> => sweepContents(store);
  const tidy = createDailySweep(store, sweep);
  return {
    store,
    read: async (name) => (await read(name)).record,
    async change(name, change) {
      for (let attempt = 0; ; attempt += 1) {
        // oxlint-disable-next-line no-await-in-loop -- each attempt needs what the one before left
        const { record, revision } = await read(name);
        const next = change(record);
        if (!next || next === record) return record;
        const ttl = next.deleted ? { ttlSeconds: TOMBSTONE_SECONDS } : {};
        const put = { key: headKey(name), value: recordToJson(next), ifRevision: revision };
        try {
          // oxlint-disable-next-line no-await-in-loop -- as above
          await putJson(store, { ...put, ...ttl });
          return next;
        } catch (error) {
          if (!isCodemodeError(error, "STORAGE_CONFLICT") || attempt >= MAX_ATTEMPTS) throw error;
        }
        // oxlint-disable-next-line no-await-in-loop -- waits longer after each conflict
        await delay(Math.random() * Math.min(FIRST_WAIT_MS * 2 ** attempt, MAX_WAIT_MS));
      }
    },
    async putContent(name, files) {
      const content = randomBytes(12).toString("base64url");
      const written = await writeContent(store, contentKey(name, content), files);
      tidy(written);
      return { content, size: written.size };
    },
    async keepContent(name, content, files) {
      const key = contentKey(name, content);
      if (await isSwept(store, key)) await writeContent(store, key, files);
    },
    async getContent(name, { content, size }) {
      const key = contentKey(name, content);
      const bytes =
        size <= MAX_PLAIN_BYTES ? (await store.get(key))?.value : await readAll(store, key);
      if (!bytes) throw lostContent(name);
      return parseContent(name, bytes);
    },
    async removeContents(name, contents) {
      await Promise.allSettled(contents.map((one) => store.delete(contentKey(name, one))));
    },
    sweep,
  };
}

function headKey(name: string): string {
  return `${HEAD_PREFIX}${skillKey(name)}`;
}

function contentKey(name: string, content: string): string {
  return `${CONTENT_PREFIX}${skillKey(name)}/${content}`;
}

async function writeContent(store: Store, key: string, files: SkillFiles): Promise<StoredEntry> {
  const bytes = Buffer.from(JSON.stringify({ files: filesToJson(files) }));
  return bytes.byteLength <= MAX_PLAIN_BYTES
    ? await store.put(key, bytes)
    : await store.write(key, chunksOf(bytes));
}

async function sweepContents(store: Store): Promise<number> {
  const isNamed = async (key: string): Promise<boolean> => {
    const [name = "", content] = key.slice(CONTENT_PREFIX.length).split("/");
    const stored = await getJson(store, headKey(name));
    const record = readRecord(stored?.value);
    // A record of another format may name it.
    if (stored && !record) return true;
    return record?.versions.some((version) => version.content === content) ?? false;
  };
  const swept = await sweepUnnamed(store, { prefix: CONTENT_PREFIX, isNamed });
  return swept.length;
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += MAX_PLAIN_BYTES) {
    yield bytes.subarray(start, start + MAX_PLAIN_BYTES);
  }
}

async function readAll(store: Store, key: string): Promise<Uint8Array | undefined> {
  const stream = await store.read(key);
  if (!stream) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parseContent(name: string, bytes: Uint8Array): SkillFiles {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const files = typeof value === "object" && value !== null && "files" in value && value.files;
    return filesFromJson(bundledFiles.parse(files));
  } catch (cause) {
    throw new CodemodeError(
      "STORAGE_CORRUPT",
      `The stored contents of skill ${quoteName(name)} are not what was written. Roll back to another version, or save it again.`,
      { cause },
    );
  }
}

function lostContent(name: string): CodemodeError {
  return new CodemodeError(
    "SKILL_NOT_FOUND",
    `The contents of skill ${quoteName(name)} are gone: it was deleted meanwhile. List the skills again.`,
    { retryable: true },
  );
}

function foreignRecord(name: string): CodemodeError {
  return new CodemodeError(
    "STORAGE_CORRUPT",
    `The stored record of skill ${quoteName(name)} is of no format this version knows. Update codemode, or delete the record.`,
  );
}
