import { isCodemodeError } from "@codemode/core";
import type { Diagnostic } from "@codemode/core";
import { array, enum as oneOf, literal, object, string } from "zod";

import { bundledFiles, filesFromJson, filesToJson } from "./file-codec.ts";
import { findSkill, findSkills, readFoundSkill } from "./folder-files.ts";
import { skillInvalid } from "./skill-error.ts";
import { readSkillFiles, skillDigest } from "./skill-files.ts";
import type { BundledSkill, ChooseSkillsOptions, SkillDraft, SkillStore } from "./skill-store.ts";
import type { Skill } from "./skill.ts";
import { writeSkillFiles } from "./write-folder.ts";

type Transfer = Pick<SkillStore, "exportTo" | "importFrom" | "exportBundle" | "importBundle">;

const bundle = object({
  format: literal("codemode-skills"),
  formatVersion: literal(1),
  skills: array(
    object({
      name: string(),
      status: oneOf(["draft", "active", "archived"]),
      digest: string(),
      files: bundledFiles,
    }),
  ).max(10_000),
});

/** What came of one skill. */
type Outcome =
  | { readonly name: string; readonly isNew: boolean }
  | { readonly diagnostic: Diagnostic };

const PAGE = 10_000;

/** Carries skills between stores, folders and documents. */
export function createTransfer(store: Pick<SkillStore, "list" | "get" | "save">): Transfer {
  const chosen = async ({ names }: ChooseSkillsOptions = {}): Promise<readonly Skill[]> => {
    const wanted = names ?? (await ownNames(store));
    const skills: Skill[] = [];
    // oxlint-disable-next-line no-await-in-loop -- ten thousand at once would be no faster
    for (const name of wanted) skills.push(await store.get(name));
    return skills;
  };
  return {
    async exportTo(folder, options) {
      const outcomes: Outcome[] = [];
      for (const skill of await chosen(options)) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        outcomes.push({ name: skill.name, isNew: await exportOne(folder, skill) });
      }
      return sum(outcomes);
    },
    async importFrom(folder, { names } = {}) {
      const found = await findSkills(folder);
      const wanted = names ? found.filter(({ name }) => names.includes(name)) : found;
      const outcomes: Outcome[] = [];
      for (const one of wanted) {
        const draft = async (): Promise<SkillDraft> => ({
          name: one.name,
          files: await readFoundSkill(one),
        });
        // oxlint-disable-next-line no-await-in-loop -- as above
        outcomes.push(await importOne(store, draft));
      }
      return sum(outcomes);
    },
    async exportBundle(options) {
      const skills = (await chosen(options)).map(({ name, status, digest, files }) => ({
        name,
        status,
        digest,
        files: filesToJson(files),
      }));
      return { format: "codemode-skills", formatVersion: 1, skills };
    },
    async importBundle(given) {
      const read = bundle.safeParse(given);
      if (!read.success) {
        throw skillInvalid(
          { skill: "*" },
          "the document is no bundle of skills. Make one with: codemode skills export --json",
        );
      }
      const outcomes: Outcome[] = [];
      for (const one of read.data.skills) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        outcomes.push(await importOne(store, async () => fromBundle(one)));
      }
      return sum(outcomes);
    },
  };
}

async function ownNames(store: Pick<SkillStore, "list">): Promise<readonly string[]> {
  const names: string[] = [];
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page says where the next begins
    const page = await store.list({
      status: ["draft", "active", "archived"],
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { name, origin } of page.skills) if (origin === "store") names.push(name);
    after = page.next;
  } while (after !== undefined);
  return names;
}

/** Whether it was written; what is there already is left as it is. */
async function exportOne(folder: string, skill: Skill): Promise<boolean> {
  const there = await findSkill(folder, skill.name);
  const digests = await Promise.all(
    there.map(async (one) =>
      readFoundSkill(one).then(
        (files) => skillDigest(readSkillFiles(one.name, files)),
        () => "",
      ),
    ),
  );
  if (digests.includes(skill.digest)) return false;
  await writeSkillFiles(folder, skill);
  return true;
}

function fromBundle({ name, status, digest, files }: BundledSkill): SkillDraft {
  const read = readSkillFiles(name, filesFromJson(files));
  if (skillDigest(read) !== digest) {
    throw skillInvalid({ skill: name }, "its files are not those of its digest. Export it again.");
  }
  return { name, status, files: read };
}

async function importOne(
  store: Pick<SkillStore, "get" | "save">,
  draft: () => Promise<SkillDraft>,
): Promise<Outcome> {
  try {
    const given = await draft();
    // One that is not there, or cannot be read, is written anew.
    const before = await store.get(given.name).catch(() => undefined);
    const saved = await store.save(given);
    const same = before?.origin === "store" && before.version === saved.version;
    return { name: saved.name, isNew: !same };
  } catch (error) {
    if (!isCodemodeError(error) || !["SKILL_INVALID", "SKILL_EXISTS"].includes(error.code)) {
      throw error;
    }
    return { diagnostic: { code: "SKILL_NOT_IMPORTED", message: error.message } };
  }
}

function sum(outcomes: readonly Outcome[]): Awaited<ReturnType<Transfer["exportTo"]>> {
  const named = outcomes.flatMap((one) => ("name" in one ? [one] : []));
  return {
    done: named.filter(({ isNew }) => isNew).map(({ name }) => name),
    unchanged: named.filter(({ isNew }) => !isNew).map(({ name }) => name),
    diagnostics: outcomes.flatMap((one) => ("diagnostic" in one ? [one.diagnostic] : [])),
  };
}
