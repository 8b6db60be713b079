import type { Diagnostic } from "@codemode/core";

import type { SkillEntries } from "./skill-entries.ts";
import type { ListSkillsOptions, SkillListing } from "./skill-store.ts";
import type { SkillStatus, SkillSummary } from "./skill.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

/** A page of skills. */
export function listSkills(
  { entries, diagnostics }: SkillEntries,
  { tags = [], status = ["draft", "active"], limit = DEFAULT_LIMIT, after }: ListSkillsOptions,
  problems: readonly Diagnostic[],
): SkillListing {
  const hasStatus = statusFilter(status);
  const hasTags = tagFilter(tags);
  const found: SkillSummary[] = [];
  for (const { summary } of entries.values()) {
    if (hasStatus(summary) && hasTags(summary)) found.push(summary);
  }
  const start = after === undefined ? 0 : found.findIndex(({ name }) => name > after);
  const count = Math.max(1, Math.min(Math.trunc(limit) || DEFAULT_LIMIT, MAX_LIMIT));
  const skills = start < 0 ? [] : found.slice(start, start + count);
  const last = skills.at(-1);
  return {
    skills,
    total: found.length,
    ...(last && start + count < found.length ? { next: last.name } : {}),
    diagnostics: [...problems, ...diagnostics],
  };
}

export function statusFilter(
  status: SkillStatus | readonly SkillStatus[],
): (summary: SkillSummary) => boolean {
  const wanted = new Set<SkillStatus>(typeof status === "string" ? [status] : status);
  return (summary) => wanted.has(summary.status);
}

export function tagFilter(tags: readonly string[]): (summary: SkillSummary) => boolean {
  return (summary) => tags.every((tag) => summary.tags.includes(tag));
}
