import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError, isRecord } from "@codemode/core";

import type { ArtifactEntry, ArtifactKind } from "./artifact.ts";

/** One version, and where its bytes are. */
export interface HeadVersion {
  readonly version: number;
  /** The last part of the key of its bytes. */
  readonly id: string;
  readonly size: number;
  readonly kind: ArtifactKind;
  readonly contentType: string;
  readonly description: string;
  readonly metadata: JsonObject;
  readonly savedAt: string;
  readonly expiresAt?: string;
  readonly digest: string;
}

/** What a name stands for: the one record of an artifact that is ever replaced. */
export interface ArtifactHead {
  readonly createdAt: string;
  /** Newest last; never empty. */
  readonly versions: readonly HeadVersion[];
}

const HEADS = "head/";
const BODIES = "data/";

/** Keys of one namespace: heads by name, bytes by name and id. */
export const artifactKeys = {
  heads: HEADS,
  bodies: BODIES,
  head: (name: string): string => `${HEADS}${name}`,
  body: (name: string, id: string): string => `${BODIES}${name}/${id}`,
  nameOfHead: (key: string): string => key.slice(HEADS.length),
  /** An id has no slash, a name may have some. */
  ofBody(key: string): { readonly name: string; readonly id: string } {
    const end = key.lastIndexOf("/");
    return { name: key.slice(BODIES.length, end), id: key.slice(end + 1) };
  },
};

export function encodeHead(head: ArtifactHead): Uint8Array {
  return Buffer.from(JSON.stringify(head));
}

/** `STORAGE_CORRUPT` for what no version of this package wrote. */
export function decodeHead(name: string, bytes: Uint8Array): ArtifactHead {
  const head = parse(Buffer.from(bytes).toString("utf8"));
  if (isHead(head)) return head;
  const message = `The record of the artifact ${JSON.stringify(name)} cannot be read. Delete it, or restore it from a copy.`;
  throw new CodemodeError("STORAGE_CORRUPT", message);
}

/** The versions whose time is not up, newest last. None where the newest's is: it takes the name with it. */
export function liveVersions(head: ArtifactHead, now = Date.now()): readonly HeadVersion[] {
  const newest = head.versions.at(-1);
  if (!newest || isExpired(newest, now)) return [];
  return head.versions.filter((version) => !isExpired(version, now));
}

export function toEntry(name: string, head: ArtifactHead, version: HeadVersion): ArtifactEntry {
  const { id: _, savedAt, ...rest } = version;
  return { name, ...rest, createdAt: head.createdAt, updatedAt: savedAt };
}

function isExpired({ expiresAt }: HeadVersion, now: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

function parse(json: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(json);
    return value;
  } catch {
    // The caller says what cannot be read.
    return undefined;
  }
}

function isHead(value: unknown): value is ArtifactHead {
  if (!isRecord(value)) return false;
  const { createdAt, versions } = value;
  return (
    typeof createdAt === "string" &&
    Array.isArray(versions) &&
    versions.length > 0 &&
    versions.every(isVersion)
  );
}

function isVersion(value: unknown): value is HeadVersion {
  if (!isRecord(value)) return false;
  const { version, id, size, kind, contentType, description, metadata, savedAt, digest } = value;
  return (
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(size) &&
    (kind === "text" || kind === "bytes" || kind === "json") &&
    [id, contentType, description, savedAt, digest].every((text) => typeof text === "string") &&
    isRecord(metadata)
  );
}
