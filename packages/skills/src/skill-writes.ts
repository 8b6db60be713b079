import { CodemodeError, isCodemodeError } from "@codemode/core";

import { draftToSkill, verbatimSkill } from "./draft-files.ts";
import { excerptOf } from "./excerpt.ts";
import type { ReadSkill } from "./read-skill.ts";
import { quoteName, skillInvalid } from "./skill-error.ts";
import { newestVersion } from "./skill-record.ts";
import type { SkillRecord, VersionRecord } from "./skill-record.ts";
import type { SkillRecords } from "./skill-records.ts";
import type { SkillDraft } from "./skill-store.ts";
import type { SkillStatus } from "./skill.ts";

/** A skill as it was written, and the record that names it. */
export interface Written {
  readonly skill: ReadSkill;
  readonly record: SkillRecord;
  readonly version: VersionRecord;
}

/** What writing needs of the store. */
export interface WriteContext {
  readonly records: SkillRecords;
  /** The contents of a version, read. */
  readonly open: (name: string, version: VersionRecord) => Promise<ReadSkill>;
}

/**
 * `create`: none may be there. `update`: one must be, and its newest version is what is changed.
 * `verbatim`: as `save`, of files that stay as somebody wrote them.
 */
export type WriteMode = "create" | "save" | "update" | "verbatim";

const MAX_GONE = 200;
const MAX_UPDATES = 20;

/** Writes a draft as a new version, unless the newest has the same contents. */
export async function writeDraft(
  context: WriteContext,
  draft: SkillDraft,
  mode: WriteMode,
): Promise<Written> {
  for (let attempt = 0; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- another's version has to be read before it is changed
    const written = await writeOnce(context, draft, mode);
    if (written) return written;
    if (attempt >= MAX_UPDATES) throw busy(draft.name);
  }
}

/** `undefined` where an update was overtaken: what it changed is the newest no more. */
async function writeOnce(
  { records, open }: WriteContext,
  draft: SkillDraft,
  mode: WriteMode,
): Promise<Written | undefined> {
  const known = alive(await records.read(draft.name));
  checkThere(draft.name, known, mode);
  const base = known && newestVersion(known);
  const before = known && base ? await open(known.name, base) : undefined;
  const skill =
    mode === "verbatim" ? await verbatimSkill(draft) : await draftToSkill(draft, before);
  const { content, size } = await records.putContent(skill.name, skill.files);
  const entry = { content, size, digest: skill.digest, createdAt: new Date().toISOString() };
  let overtaken = false;
  try {
    const record = await records.change(skill.name, (current) => {
      const there = alive(current);
      checkThere(draft.name, there, mode);
      const newest = there && newestVersion(there);
      overtaken = mode === "update" && newest?.content !== base?.content;
      return overtaken ? current : appended(current, skill, { entry, status: draft.status });
    });
    const version = record?.versions.find((one) => one.content === content);
    await (version
      ? records.keepContent(skill.name, content, skill.files)
      : records.removeContents(skill.name, [content]));
    const newest = version ?? (record && newestVersion(record));
    return overtaken || !record || !newest ? undefined : { skill, record, version: newest };
  } catch (error) {
    // After any other failure the record may name it all the same.
    if (isCodemodeError(error) && CERTAIN.has(error.code)) {
      await records.removeContents(skill.name, [content]);
    }
    throw error;
  }
}

const CERTAIN: ReadonlySet<string> = new Set([
  "SKILL_EXISTS",
  "SKILL_NOT_FOUND",
  "SKILL_INVALID",
  "STORAGE_CONFLICT",
]);

function alive(record: SkillRecord | undefined): SkillRecord | undefined {
  return record?.deleted === true ? undefined : record;
}

function checkThere(name: string, record: SkillRecord | undefined, mode: WriteMode): void {
  if (record && record.name !== name) {
    throw new CodemodeError(
      "SKILL_EXISTS",
      `There is a skill ${quoteName(record.name)}, which programs would call by the same name as ${quoteName(name)}. Save it under its own name, or choose another.`,
    );
  }
  if (record && mode === "create") {
    throw new CodemodeError(
      "SKILL_EXISTS",
      `There is a skill ${quoteName(name)} already. Update it to make a new version, or choose another name.`,
    );
  }
  if (!record && mode === "update") throw goneMeanwhile(name);
}

/** The record with one more version, or as it was where nothing is new. */
function appended(
  current: SkillRecord | undefined,
  skill: ReadSkill,
  {
    entry,
    status,
  }: { readonly entry: Omit<VersionRecord, "version">; readonly status: SkillStatus | undefined },
): SkillRecord {
  const there = alive(current);
  const newest = there && newestVersion(there);
  // A status its files state counts once: when they begin to state it.
  const stated = skill.statedStatus === there?.statedStatus ? undefined : skill.statedStatus;
  const wanted = status ?? stated ?? there?.status ?? "active";
  if (there && newest?.digest === entry.digest) {
    return wanted === there.status ? there : { ...there, status: wanted };
  }
  const version = {
    ...entry,
    version: (newest?.version ?? 0) + 1,
    ...(skill.label === undefined ? {} : { label: skill.label }),
  };
  return {
    ...summaryOf(skill),
    status: wanted,
    versions: [...(there?.versions ?? []), version],
    gone: current?.gone ?? [],
  };
}

function summaryOf(skill: ReadSkill): Omit<SkillRecord, "status" | "versions" | "gone"> {
  return {
    format: 1,
    name: skill.name,
    deleted: false,
    description: skill.description,
    tags: [...skill.tags],
    excerpt: excerptOf(skill),
    ...(skill.signature === undefined ? {} : { signature: skill.signature }),
    ...(skill.statedStatus === undefined ? {} : { statedStatus: skill.statedStatus }),
  };
}

/** Makes a new version of an old one's contents. */
export async function rollBack(
  { records, open }: WriteContext,
  name: string,
  wanted: number,
): Promise<Written> {
  const known = alive(await records.read(name));
  const old = known && findVersion(known, wanted);
  if (!known || !old) throw goneMeanwhile(name);
  const skill = await open(known.name, old);
  const record = await records.change(name, (current) => {
    const there = alive(current);
    if (!there || !there.versions.some(({ content }) => content === old.content)) {
      throw goneMeanwhile(name);
    }
    const newest = newestVersion(there);
    if (newest?.digest === old.digest) return there;
    const version = {
      ...old,
      version: (newest?.version ?? 0) + 1,
      createdAt: new Date().toISOString(),
      rolledBackTo: old.version,
    };
    const { status, gone } = there;
    return { ...summaryOf(skill), status, gone, versions: [...there.versions, version] };
  });
  const version = record && newestVersion(record);
  if (!record || !version) throw goneMeanwhile(name);
  return { skill, record, version };
}

/** `SKILL_NOT_FOUND` with the versions there are. */
export function findVersion({ name, versions }: SkillRecord, wanted: number): VersionRecord {
  const found = versions.find(({ version }) => version === wanted);
  if (found) return found;
  throw new CodemodeError(
    "SKILL_NOT_FOUND",
    `Skill ${quoteName(name)} has no version ${wanted}. ${versions.length === 1 ? "There is" : "There are 1 to"} ${versions.at(-1)?.version ?? 0}.`,
  );
}

/** Deletes with all versions. What it had, for those who hold copies of it. */
export async function deleteSkill(
  { records }: WriteContext,
  name: string,
): Promise<SkillRecord | undefined> {
  let before: SkillRecord | undefined;
  const record = await records.change(name, (current) => {
    before = alive(current);
    if (!before) return current;
    const digests = before.versions.map(({ digest }) => digest);
    const gone = [...new Set([...before.gone, ...digests])].slice(-MAX_GONE);
    return { ...before, deleted: true, versions: [], gone };
  });
  if (!before || !record) return undefined;
  const contents = new Set(before.versions.map(({ content }) => content));
  await records.removeContents(name, [...contents]);
  return record;
}

/** Changes the status alone: no new version. */
export async function changeStatus(
  { records }: WriteContext,
  name: string,
  status: SkillStatus,
): Promise<SkillRecord> {
  if (!["draft", "active", "archived"].includes(status)) {
    throw skillInvalid({ skill: name }, 'a status is "draft", "active" or "archived".');
  }
  const record = await records.change(name, (current) => {
    const there = alive(current);
    if (!there) throw goneMeanwhile(name);
    return there.status === status ? there : { ...there, status };
  });
  if (!record) throw goneMeanwhile(name);
  return record;
}

function goneMeanwhile(name: string): CodemodeError {
  return new CodemodeError(
    "SKILL_NOT_FOUND",
    `There is no skill ${quoteName(name)} in the store. List the skills to see their names.`,
  );
}

function busy(name: string): CodemodeError {
  return new CodemodeError(
    "STORAGE_CONFLICT",
    `Skill ${quoteName(name)} is changed by others all the time. Try again later.`,
    { retryable: true },
  );
}
