import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMemoryStorage } from "@codemode/storage";
import { expect, onTestFinished, test } from "vitest";

import { createSkillStore } from "../src/create-skill-store.ts";
import { createFolderSource } from "../src/folder-source.ts";
import { createSimpleSkillsManager } from "../src/simple-skills.ts";

test("a skill is saved, loaded, listed, found and deleted by name and code", async () => {
  await using skills = createSkillStore({ storage: createMemoryStorage() });
  const manager = createSimpleSkillsManager(skills);

  await manager.save_skill({
    name: "batch_process",
    description: "Process files in a directory",
    code: "async function batch_process(input_dir, output_dir) {\n  return input_dir;\n}\n",
    tags: ["file", "batch"],
  });
  const loaded = await manager.load_skill("batch_process");

  expect(loaded).toMatchObject({
    name: "batch_process",
    description: "Process files in a directory",
    tags: ["file", "batch"],
    parameters: { required: ["input_dir", "output_dir"] },
  });
  expect(loaded.code).toContain("export async function batch_process(");
  expect(await manager.list_skills({ tags: ["batch"] })).toEqual([loaded]);
  expect(await manager.search_skills("process a directory")).toEqual([loaded]);
  expect(await manager.delete_skill("batch_process")).toBe(true);
  await expect(manager.load_skill("batch_process")).rejects.toMatchObject({
    code: "SKILL_NOT_FOUND",
  });
});

test("folders of other clients are searched too, never changed, and hidden by the store's own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agents-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const add = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, "SKILL.md"), text);
  };
  await add("pdf", "---\nname: pdf\ndescription: Reads: PDF forms\n---\nBody.");
  await add("team/nested/docs", "---\nname: docs\ndescription: Writes docs.\n---\n");
  await add("node_modules/pkg", "---\nname: pkg\ndescription: No.\n---\n");
  await add("broken", "---\nname: broken\n---\n");
  await add("own", "---\nname: own\ndescription: Theirs.\n---\n");
  await using skills = createSkillStore({
    storage: createMemoryStorage(),
    sources: [createFolderSource(folder)],
  });
  await skills.create({ name: "own", description: "Ours.", body: "Ours." });

  const listing = await skills.list();

  expect(listing.skills.map(({ name, origin }) => [name, origin])).toEqual([
    ["docs", "folder"],
    ["own", "store"],
    ["pdf", "folder"],
  ]);
  expect(listing.diagnostics.map(({ code }) => code)).toEqual(["SKILL_LEFT_OUT", "SKILL_SHADOWED"]);
  expect((await skills.search("PDF forms")).hits[0]).toMatchObject({ name: "pdf" });
  expect(await skills.get("pdf")).toMatchObject({ origin: "folder", body: "Body.", version: 1 });
  await expect(skills.update("pdf", { tags: ["x"] })).rejects.toMatchObject({
    code: "SKILL_INVALID",
    message: expect.stringContaining("only be read"),
  });
  await expect(skills.delete("pdf")).rejects.toMatchObject({ code: "SKILL_INVALID" });
});

test("search looks for meaning where there is a provider, and for words where it fails", async () => {
  const storage = createMemoryStorage();
  let works = true;
  let embedded = 0;
  const embedder = {
    id: "test",
    // One axis a meaning: money or weather.
    embed: async (texts: readonly string[]) => {
      if (!works) throw new Error("quota");
      embedded += texts.length;
      return texts.map((text) => [
        /invoice|bill|pay/.test(text) ? 1 : 0.01,
        /rain|forecast/.test(text) ? 1 : 0.01,
      ]);
    },
  };
  const open = () => createSkillStore({ storage, embedder });
  await using skills = open();
  await skills.create({ name: "send-invoice", description: "Sends an invoice.", body: "x" });
  await skills.create({ name: "forecast", description: "Tells whether it rains.", body: "x" });

  const meant = await skills.search("pay the plumber");
  await using again = open();
  const once = embedded;
  await again.search("pay");
  works = false;
  const words = await skills.search("invoice");

  expect(meant).toMatchObject({ mode: "semantic", hits: [{ name: "send-invoice" }, {}] });
  expect(embedded - once).toBe(1);
  expect(words).toMatchObject({
    mode: "lexical",
    hits: [{ name: "send-invoice" }],
    diagnostics: [{ code: "SEARCH_NOT_SEMANTIC", message: expect.stringContaining("quota") }],
  });
});
