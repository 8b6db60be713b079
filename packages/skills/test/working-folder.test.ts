import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMemoryStorage } from "@codemode/storage";
import type { Storage } from "@codemode/storage";
import { expect, onTestFinished, test } from "vitest";

import { createSkillStore } from "../src/create-skill-store.ts";
import type { SkillStore } from "../src/skill-store.ts";

async function openFolder(
  storage: Storage = createMemoryStorage(),
): Promise<{ skills: SkillStore; folder: string; storage: Storage }> {
  const folder = await mkdtemp(join(tmpdir(), "skills-"));
  const skills = createSkillStore({ storage, folder });
  onTestFinished(async () => {
    await skills[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  return { skills, folder, storage };
}

const GREET =
  "/** Greets somebody. */\nexport function greet(name: string) { return `Hi ${name}`; }\n";

test("what is saved appears as plain files, and what is deleted goes", async () => {
  const { skills, folder } = await openFolder();

  await skills.create({ name: "greet", source: GREET });
  await skills.create({ name: "pdf", description: "PDFs.", body: "# How" });
  const text = await readFile(join(folder, "greet.ts"), "utf8");
  const made = await readdir(folder);
  await skills.update("greet", { body: "# Now with words" });
  const changed = await readdir(folder, { recursive: true });
  await skills.delete("pdf");

  expect(text).toBe(GREET);
  expect(made).toEqual(["greet.ts", "pdf"]);
  expect(changed.toSorted()).toEqual([
    "greet",
    "greet/SKILL.md",
    "greet/scripts",
    "greet/scripts/greet.ts",
    "pdf",
    "pdf/SKILL.md",
  ]);
  expect(await readdir(folder)).toEqual(["greet"]);
});

test("an edit by hand becomes a version when it is next looked at, and so does a new file", async () => {
  const { skills, folder } = await openFolder();
  await skills.create({ name: "greet", source: GREET });

  await writeFile(join(folder, "greet.ts"), GREET.replace("Hi", "Hello"));
  await writeFile(join(folder, "wave.ts"), "/** Waves. */\nexport function wave() {}\n");
  const edited = await skills.get("greet");
  const { skills: listed } = await skills.list();

  expect(edited).toMatchObject({ version: 2 });
  expect(edited.entry?.source).toContain("Hello");
  expect(listed.map(({ name, version }) => [name, version])).toEqual([
    ["greet", 2],
    ["wave", 1],
  ]);
  expect(await readFile(join(folder, "wave.ts"), "utf8")).toBe(
    "/** Waves. */\nexport function wave() {}\n",
  );
});

test("a file that is broken by hand is told by name, hides no other, and is never overwritten", async () => {
  const { skills, folder } = await openFolder();
  await skills.create({ name: "greet", source: GREET });
  await skills.create({ name: "wave", source: GREET });

  await writeFile(join(folder, "greet.ts"), "export const = broken");
  await mkdir(join(folder, "linked"));
  await writeFile(join(folder, "linked/SKILL.md"), "---\nname: linked\ndescription: d\n---\n");
  await symlink("/etc/passwd", join(folder, "linked/passwd"));
  await writeFile(join(folder, "con.ts"), GREET);
  const listing = await skills.list();
  const saved = await skills.save({ name: "greet", source: GREET.replace("Hi", "Hey") });

  expect(listing.skills.map(({ name }) => name)).toEqual(["greet", "wave"]);
  expect(listing.diagnostics.map(({ message }) => message)).toEqual([
    expect.stringContaining('"con"'),
    expect.stringContaining('Skill "greet", greet.ts, line 1'),
    expect.stringContaining("links are refused"),
  ]);
  expect(JSON.stringify(listing.diagnostics)).not.toContain(folder);
  expect(saved.version).toBe(2);
  expect(await readFile(join(folder, "greet.ts"), "utf8")).toBe("export const = broken");
});

test("a copy that another machine left behind is brought up to date, not taken for an edit", async () => {
  const { skills: here, folder, storage } = await openFolder();
  await here.create({ name: "greet", source: GREET });
  await here.create({ name: "gone", source: GREET });
  const { skills: there } = await openFolder(storage);

  await there.save({ name: "greet", source: GREET.replace("Hi", "Hello") });
  await there.delete("gone");
  const stale = createSkillStore({ storage, folder });
  onTestFinished(() => stale[Symbol.asyncDispose]());
  const { skills: listed } = await stale.list();

  expect(listed).toMatchObject([{ name: "greet", version: 2 }]);
  expect(await readFile(join(folder, "greet.ts"), "utf8")).toContain("Hello");
  expect(await readdir(folder)).toEqual(["greet.ts"]);
});

test("skills are exported to a folder and imported from it; what is broken is told", async () => {
  const { skills } = await openFolder();
  const { folder } = await openFolder();
  const { skills: target } = await openFolder();
  await skills.create({ name: "greet", source: GREET });
  await skills.create({ name: "pdf", description: "PDFs.", body: "# How" });

  expect(await skills.exportTo(folder)).toMatchObject({ done: ["greet", "pdf"] });
  expect(await skills.exportTo(folder)).toMatchObject({ unchanged: ["greet", "pdf"] });
  await writeFile(join(folder, "bad.ts"), "nonsense(");
  expect(await target.importFrom(folder, { names: ["greet", "bad"] })).toMatchObject({
    done: ["greet"],
    diagnostics: [{ message: expect.stringContaining('"bad"') }],
  });
  expect(await target.importFrom(folder)).toMatchObject({ done: ["pdf"], unchanged: ["greet"] });
});
