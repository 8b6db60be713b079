import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMemoryStorage } from "@codemode/storage";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createSkillsFromConfig } from "../src/create-skills.ts";
import { loadConfig } from "../src/load-config.ts";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-skills-"));
});
afterEach(() => rm(cwd, { recursive: true }));

const SOURCE = "/** Waves. */\nexport function wave() {}\n";
const write = (config: object): Promise<void> =>
  writeFile(join(cwd, "codemode.config.json"), JSON.stringify(config));

test("skills appear in skills_path beside the config file, and without a file in no folder", async () => {
  const storage = createMemoryStorage();
  await using loose = createSkillsFromConfig(await loadConfig({ cwd, env: {} }), storage);
  await loose.save({ name: "wave", source: SOURCE });
  expect(await readdir(cwd)).toEqual([]);

  await write({ skills_path: "./kept" });
  await using skills = createSkillsFromConfig(await loadConfig({ cwd, env: {} }), storage);
  await skills.save({ name: "greet", source: SOURCE });

  expect(await readdir(join(cwd, "kept"))).toEqual(["greet.ts"]);
});

test("folders of other clients are read where the config names them, and only there", async () => {
  await mkdir(join(cwd, ".agents/skills/pdf"), { recursive: true });
  await writeFile(
    join(cwd, ".agents/skills/pdf/SKILL.md"),
    "---\nname: pdf\ndescription: Reads PDFs.\n---\n",
  );
  const names = async (): Promise<readonly string[]> => {
    await using skills = createSkillsFromConfig(
      await loadConfig({ cwd, env: {} }),
      createMemoryStorage(),
    );
    return (await skills.list()).skills.map(({ name }) => name);
  };
  await write({});
  expect(await names()).toEqual([]);

  await write({ skills_directories: [".agents/skills"] });

  expect(await names()).toEqual(["pdf"]);
});
