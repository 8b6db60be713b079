import type { JsonObject } from "@codemode/core";
import { array, boolean, enum as oneOf, int, iso, object, string } from "zod";
import type { output } from "zod";

/** One version of a skill, and the key part its contents are kept under. */
const version = object({
  version: int().min(1),
  content: string(),
  digest: string(),
  size: int().min(0),
  createdAt: iso.datetime(),
  label: string().optional(),
  rolledBackTo: int().optional(),
});

/**
 * What is known of a skill without its contents: the one value that changes, by compare-and-set,
 * and so the order of its versions. A skill that was deleted leaves its record for a while, so
 * that copies in folders are known for what they are.
 */
const record = object({
  format: int().min(1).max(1),
  name: string(),
  status: oneOf(["draft", "active", "archived"]),
  deleted: boolean(),
  /** Of the newest version. */
  description: string(),
  tags: array(string()),
  signature: string().optional(),
  /** Telling words of its instructions and its source, for search. */
  excerpt: string(),
  /** As its files stated it when it was last saved. */
  statedStatus: oneOf(["draft", "active", "archived"]).optional(),
  versions: array(version),
  /** Digests of what was deleted before. */
  gone: array(string()),
});

export type SkillRecord = Readonly<output<typeof record>>;
export type VersionRecord = SkillRecord["versions"][number];

/** `undefined` where the value is no record of this format. */
export function readRecord(value: unknown): SkillRecord | undefined {
  const read = record.safeParse(value);
  return read.success ? read.data : undefined;
}

/** Without the fields that are `undefined`, which JSON has not. */
export function recordToJson(value: SkillRecord): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(value));
  return json;
}

/** The newest version; records that are not deleted have one. */
export function newestVersion({ versions }: SkillRecord): VersionRecord | undefined {
  return versions.at(-1);
}

/** Whether a skill ever had these contents. */
export function hasDigest({ versions, gone }: SkillRecord, digest: string): boolean {
  return gone.includes(digest) || versions.some((one) => one.digest === digest);
}
