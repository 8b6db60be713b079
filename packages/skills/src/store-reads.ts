import { listSkills, statusFilter, tagFilter } from "./list-skills.ts";
import { skillKey } from "./skill-name.ts";
import { newestVersion } from "./skill-record.ts";
import type { VersionRecord } from "./skill-record.ts";
import { createSkillSearch } from "./skill-search.ts";
import type { SkillStore, SkillVersion } from "./skill-store.ts";
import { findVersion } from "./skill-writes.ts";
import type { StoreContext } from "./store-context.ts";
import { readForeign, skillNotFound, toSkill } from "./store-context.ts";
import type { SkillStoreOptions } from "./store-options.ts";

const DEFAULT_HITS = 5;
const MAX_HITS = 100;

/** The methods that change nothing. */
export function createReads(
  context: StoreContext,
  { embedder }: SkillStoreOptions,
): Pick<SkillStore, "list" | "search" | "get" | "versions"> {
  const { write, catalog, folder } = context;
  const search = createSkillSearch(write.records.store, embedder);
  return {
    async list(options = {}) {
      const all = await context.entries();
      return listSkills(all, options, [...catalog.diagnostics(), ...(folder?.diagnostics() ?? [])]);
    },
    async search(query, { limit = DEFAULT_HITS, tags = [], status = "active" } = {}) {
      const hasStatus = statusFilter(status);
      const hasTags = tagFilter(tags);
      return search(await context.entries(), {
        query,
        limit: Math.max(1, Math.min(Math.trunc(limit) || DEFAULT_HITS, MAX_HITS)),
        accepts: ({ summary }) => hasStatus(summary) && hasTags(summary),
      });
    },
    async get(name, { version: wanted } = {}) {
      await context.look(name);
      const record = await write.records.read(name);
      const version =
        record && (wanted === undefined ? newestVersion(record) : findVersion(record, wanted));
      if (record && version && !record.deleted) {
        return toSkill({ skill: await write.open(record.name, version), record, version });
      }
      const all = await context.entries();
      const entry = all.entries.get(skillKey(name));
      if (!entry?.source) throw skillNotFound(name, all);
      return readForeign(entry.summary.name, entry.source);
    },
    async versions(name) {
      await context.look(name);
      const record = await write.records.read(await context.ownName(name));
      return (record?.versions ?? []).map(toVersion);
    },
  };
}

/** Without where and how it is kept. */
function toVersion({ content: _content, size: _size, ...version }: VersionRecord): SkillVersion {
  return version;
}
