import { CodemodeError, didYouMean, nearestNames } from "@codemode/core";
import { LRUCache } from "lru-cache";

import { readSkill } from "./read-skill.ts";
import type { ReadSkill } from "./read-skill.ts";
import { createSkillCatalog } from "./skill-catalog.ts";
import type { SkillCatalog } from "./skill-catalog.ts";
import { createEntries } from "./skill-entries.ts";
import type { SkillEntries } from "./skill-entries.ts";
import { quoteName, skillInvalid } from "./skill-error.ts";
import { skillKey } from "./skill-name.ts";
import type { VersionRecord } from "./skill-record.ts";
import { createSkillRecords } from "./skill-records.ts";
import type { SkillSource } from "./skill-source.ts";
import type { WriteContext, Written } from "./skill-writes.ts";
import type { Skill } from "./skill.ts";
import type { SkillStoreOptions } from "./store-options.ts";
import { createWorkingFolder } from "./working-folder.ts";
import type { WorkingFolder } from "./working-folder.ts";

/** What the methods of a skill store share. */
export interface StoreContext {
  readonly write: WriteContext;
  readonly catalog: SkillCatalog;
  readonly folder: WorkingFolder | undefined;
  /** Takes up what was edited by hand: of one skill, or of all. */
  look(name?: string): Promise<void>;
  /** Every skill, after a look. */
  entries(): Promise<SkillEntries>;
  /** The name in the store that is meant; what can only be read is refused. */
  ownName(name: string): Promise<string>;
  /** Makes known what was written. */
  finish(written: Written): Promise<Skill>;
}

const CACHED_BYTES = 32 * 1024 * 1024;

/** @param isDisposed Whether the store was closed. */
export function createStoreContext(
  { storage, folder: path, sources = [] }: SkillStoreOptions,
  onChange: () => void,
  isDisposed: () => boolean,
): StoreContext {
  const records = createSkillRecords(storage.open("skills"));
  const catalog = createSkillCatalog(records.store, onChange);
  const write: WriteContext = { records, open: createReader(records) };
  const folder = path === undefined ? undefined : createWorkingFolder(path, write);
  const join = createEntries();
  const look = async (name?: string): Promise<void> => {
    if (isDisposed()) throw new CodemodeError("STORAGE_DISPOSED", "The skill store is closed.");
    for (const { record } of (await folder?.look(name)) ?? []) catalog.noteWritten(record);
  };
  const entries = async (): Promise<SkillEntries> => {
    await look();
    return join(await catalog.records(), sources);
  };
  return {
    write,
    catalog,
    folder,
    look,
    entries,
    async ownName(name) {
      const record = await records.read(name);
      if (record && !record.deleted) return record.name;
      const all = await entries();
      const entry = all.entries.get(skillKey(name));
      if (entry?.source) throw readOnly(entry.summary.name, entry.source);
      throw skillNotFound(name, all);
    },
    async finish(written) {
      catalog.noteWritten(written.record);
      await folder?.put(written);
      return toSkill(written);
    },
  };
}

/** Reads contents of versions, which never change, and remembers them. */
function createReader(records: WriteContext["records"]): WriteContext["open"] {
  const known = new LRUCache<string, ReadSkill>({
    maxSize: CACHED_BYTES,
    sizeCalculation: (skill) => 1000 + sizeOf(skill),
  });
  return async (name: string, version: VersionRecord) => {
    const key = `${version.content}/${name}`;
    const skill =
      known.get(key) ?? (await readSkill({ name, files: await records.getContent(name, version) }));
    known.set(key, skill);
    return skill;
  };
}

function sizeOf({ files }: ReadSkill): number {
  return [...files.values()].reduce((sum, content) => sum + content.length, 0);
}

/** A skill of the store as it is given out. */
export function toSkill({ skill, record, version }: Written): Skill {
  const { statedStatus: _stated, ...read } = skill;
  return { ...read, status: record.status, version: version.version, origin: "store" };
}

/** A skill of a source, read as a stranger's. */
export async function readForeign(name: string, source: SkillSource): Promise<Skill> {
  const files = await source.read(name);
  if (!files) {
    throw new CodemodeError(
      "SKILL_NOT_FOUND",
      `Skill ${quoteName(name)} is no longer there: ${source.origin} has it no more. List the skills again.`,
    );
  }
  const { statedStatus: _stated, ...read } = await readSkill({ name, files });
  const skill: Skill = { ...read, status: "active", version: 1, origin: source.origin };
  return source.origin.startsWith("mcp:") ? withoutCode(skill) : skill;
}

/**
 * What a server of others calls a skill is text to read. Its code is no entry: it would run with the
 * tools of whoever found it. Who wants to run it saves it under a name of their own.
 */
function withoutCode({ entry: _entry, signature: _signature, ...skill }: Skill): Skill {
  return { ...skill, scripts: [], hooks: {} };
}

export function readOnly(name: string, { origin }: SkillSource): CodemodeError {
  return skillInvalid(
    { skill: name },
    `it is of ${quoteName(origin)} and can only be read. Save a copy under another name to change it.`,
  );
}

export function skillNotFound(name: string, { entries }: SkillEntries): CodemodeError {
  const names = [...entries.values()].map(({ summary }) => summary.name);
  const hint = didYouMean(name, names);
  const all = names.length === 0 ? " There are no skills yet." : " List the skills to see all.";
  return new CodemodeError(
    "SKILL_NOT_FOUND",
    `There is no skill ${quoteName(name)}.${hint === "" ? all : hint}`,
    { details: { suggestions: [...nearestNames(name, names, 3)] } },
  );
}
