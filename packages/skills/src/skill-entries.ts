import type { Diagnostic } from "@codemode/core";

import { quoteName } from "./skill-error.ts";
import { nameProblem, skillIdentifier, skillKey } from "./skill-name.ts";
import { newestVersion } from "./skill-record.ts";
import type { SkillRecord } from "./skill-record.ts";
import type { SkillSource, SkillSourceListing, SourceSkill } from "./skill-source.ts";
import type { SkillSummary } from "./skill.ts";

/** A skill as it is listed and searched. */
export interface SkillEntry {
  readonly summary: SkillSummary;
  /** For search, where it is known. */
  readonly excerpt: string;
  /** Absent where it is the store's own. */
  readonly source?: SkillSource;
}

/** Every skill by its key, in the order of names. */
export interface SkillEntries {
  readonly entries: ReadonlyMap<string, SkillEntry>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A source and what it has; nothing where it failed. */
interface Listed {
  readonly source: SkillSource;
  readonly listing: SkillSourceListing;
}

interface Joined {
  readonly records: readonly SkillRecord[];
  readonly listed: readonly Listed[];
  readonly joined: SkillEntries;
}

function haveSameListings(before: readonly Listed[], now: readonly Listed[]): boolean {
  return (
    before.length === now.length &&
    now.every(({ listing }, index) => before[index]?.listing === listing)
  );
}

/** Joins the store's skills and those of sources; which of two with one name counts is told. */
export function createEntries(): (
  records: readonly SkillRecord[],
  sources: readonly SkillSource[],
) => Promise<SkillEntries> {
  // Of 10,000 skills few change: the entries of the others stay the same objects.
  const known = new WeakMap<SkillRecord, SkillEntry>();
  let last: Joined | undefined;
  const toEntry = (record: SkillRecord): SkillEntry => {
    const entry = known.get(record) ?? { summary: toSummary(record), excerpt: record.excerpt };
    known.set(record, entry);
    return entry;
  };
  return async (records, sources) => {
    const listed = await Promise.all(sources.map(listSource));
    if (last?.records === records && haveSameListings(last.listed, listed)) return last.joined;
    const own = new Map(records.map((record) => [skillKey(record.name), toEntry(record)]));
    const joined = addSources(own, listed);
    last = { records, listed, joined };
    return joined;
  };
}

/** What a list shows of a record. */
export function toSummary(record: SkillRecord): SkillSummary {
  const { name, description, tags, status, signature } = record;
  return {
    name,
    identifier: skillIdentifier(name),
    description,
    tags,
    status,
    version: newestVersion(record)?.version ?? 0,
    origin: "store",
    ...(signature === undefined ? {} : { signature }),
  };
}

async function listSource(source: SkillSource): Promise<Listed> {
  try {
    return { source, listing: await source.list() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Skills of ${quoteName(source.origin)} could not be listed: ${reason}`;
    return { source, listing: { skills: [], diagnostics: [{ code: "SKILLS_UNLISTED", message }] } };
  }
}

function addSources(own: ReadonlyMap<string, SkillEntry>, listed: readonly Listed[]): SkillEntries {
  const diagnostics: Diagnostic[] = [];
  const entries = new Map(own);
  for (const { source, listing } of listed) {
    diagnostics.push(...listing.diagnostics);
    for (const skill of listing.skills) {
      const problem = nameProblem(skill.name);
      const hiding = entries.get(skillKey(skill.name));
      if (problem !== undefined) diagnostics.push(unusable(skill, source, problem));
      else if (hiding) diagnostics.push(shadowed(skill, source, hiding));
      else entries.set(skillKey(skill.name), toForeign(skill, source));
    }
  }
  const sorted = [...entries].toSorted(([, a], [, b]) =>
    a.summary.name < b.summary.name ? -1 : 1,
  );
  return { entries: new Map(sorted), diagnostics };
}

function toForeign(skill: SourceSkill, source: SkillSource): SkillEntry {
  const { name, description, tags, signature } = skill;
  return {
    source,
    excerpt: "",
    summary: {
      name,
      identifier: skillIdentifier(name),
      description,
      tags,
      status: "active",
      version: 1,
      origin: source.origin,
      ...(signature === undefined ? {} : { signature }),
    },
  };
}

function unusable({ name }: SourceSkill, { origin }: SkillSource, problem: string): Diagnostic {
  return {
    code: "SKILL_UNUSABLE",
    message: `Skill ${quoteName(name)} of ${quoteName(origin)} was left out: ${problem}`,
  };
}

function shadowed({ name }: SourceSkill, { origin }: SkillSource, by: SkillEntry): Diagnostic {
  const { name: other, origin: from } = by.summary;
  return {
    code: "SKILL_SHADOWED",
    message: `Skill ${quoteName(name)} of ${quoteName(origin)} is hidden by ${quoteName(other)} of ${quoteName(from)}. Rename one to have both.`,
  };
}
