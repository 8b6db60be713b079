import { CodemodeError } from "@codemode/core";
import type { SkillBundle, SkillStore, SkillTransfer } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import type { Storage } from "@codemode/storage";
import { createMemoryStorage } from "@codemode/storage";

import type { Collection, Digests } from "./collection.ts";

/** Skills of a folder, and those of a store. */
export function createSkillCollection(storage: Storage, folder: string): Collection {
  const withStore = async <T>(body: (skills: SkillStore) => Promise<T>): Promise<T> => {
    await using skills = createSkillStore({ storage });
    return await body(skills);
  };
  return {
    type: "skills",
    async local() {
      // Read as the store would, so that digests are of the same.
      await using memory = createMemoryStorage();
      await using skills = createSkillStore({ storage: memory });
      checkTransfer(await skills.importFrom(folder));
      return toDigests(await skills.exportBundle());
    },
    stored: () => withStore(async (skills) => toDigests(await skills.exportBundle())),
    push: (names) =>
      withStore(async (skills) => checkTransfer(await skills.importFrom(folder, { names }))),
    pull: (names) =>
      withStore(async (skills) => checkTransfer(await skills.exportTo(folder, { names }))),
    remove: (names) =>
      withStore(async (skills) => {
        // oxlint-disable-next-line no-await-in-loop -- one after another
        for (const name of names) await skills.delete(name);
      }),
  };
}

function toDigests({ skills }: SkillBundle): Digests {
  return new Map(skills.map(({ name, digest }) => [name, digest]));
}

function checkTransfer({ diagnostics }: SkillTransfer): void {
  if (diagnostics.length === 0) return;
  throw new CodemodeError("SKILL_INVALID", diagnostics.map(({ message }) => message).join("\n"));
}
