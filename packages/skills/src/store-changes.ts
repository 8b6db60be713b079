import { toSummary } from "./skill-entries.ts";
import { skillKey } from "./skill-name.ts";
import type { SkillStore } from "./skill-store.ts";
import { changeStatus, deleteSkill, rollBack, writeDraft } from "./skill-writes.ts";
import type { StoreContext } from "./store-context.ts";
import { readOnly } from "./store-context.ts";

/** The methods that change skills of the store. */
export function createChanges(
  context: StoreContext,
): Pick<SkillStore, "create" | "save" | "update" | "delete" | "rollback" | "setStatus"> {
  const { write, catalog, folder } = context;
  return {
    async create(draft) {
      await context.look(draft.name);
      return context.finish(await writeDraft(write, draft, "create"));
    },
    async save(draft) {
      await context.look(draft.name);
      return context.finish(await writeDraft(write, draft, "save"));
    },
    async update(name, changes) {
      await context.look(name);
      const draft = { ...changes, name: await context.ownName(name) };
      return context.finish(await writeDraft(write, draft, "update"));
    },
    async delete(name) {
      await context.look(name);
      const deleted = await deleteSkill(write, name);
      if (!deleted) {
        const entry = (await context.entries()).entries.get(skillKey(name));
        if (entry?.source) throw readOnly(entry.summary.name, entry.source);
        return false;
      }
      catalog.noteWritten(deleted);
      await folder?.remove(deleted);
      return true;
    },
    async rollback(name, version) {
      await context.look(name);
      return context.finish(await rollBack(write, await context.ownName(name), version));
    },
    async setStatus(name, status) {
      await context.look(name);
      const record = await changeStatus(write, await context.ownName(name), status);
      catalog.noteWritten(record);
      return toSummary(record);
    },
  };
}
