import { createMemoryStorage } from "@codemode/storage";
import type { Storage } from "@codemode/storage";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { createSkillStore } from "../src/create-skill-store.ts";
import type { SkillStore } from "../src/skill-store.ts";
import type { SkillStoreOptions } from "../src/store-options.ts";

function openStore(options: Partial<SkillStoreOptions> = {}): {
  skills: SkillStore;
  storage: Storage;
} {
  const storage = options.storage ?? createMemoryStorage();
  const skills = createSkillStore({ ...options, storage });
  onTestFinished(() => skills[Symbol.asyncDispose]());
  return { skills, storage };
}

const GREET =
  "/** Greets somebody. */\nexport function greet(name: string) { return `Hi ${name}`; }\n";

test("what is saved is got back with its version, and found in another store of the same storage", async () => {
  const { skills, storage } = openStore();
  const other = openStore({ storage }).skills;

  const saved = await skills.create({
    name: "batch-process",
    description: "Process files.",
    source: "async function batch_process(input_dir: string) { return input_dir; }",
    tags: ["file", "batch"],
  });
  const { skills: listed, total } = await other.list();

  expect(saved).toMatchObject({ version: 1, status: "active", origin: "store", form: "file" });
  expect(saved.files.get("batch-process.ts")).toBe(
    "/**\n * Process files.\n *\n * @tags file, batch\n */\nexport async function batch_process(input_dir: string) { return input_dir; }",
  );
  expect(total).toBe(1);
  expect(listed).toEqual([
    {
      name: "batch-process",
      identifier: "batch_process",
      description: "Process files.",
      tags: ["file", "batch"],
      status: "active",
      version: 1,
      origin: "store",
      signature: "batch_process(input_dir: string)",
    },
  ]);
  expect((await other.get("batch_process")).digest).toBe(saved.digest);
});

test("saving makes versions, the same contents make none, and rolling back makes one more", async () => {
  const { skills } = openStore();
  await skills.create({ name: "greet", source: GREET });
  await skills.save({ name: "greet", source: GREET });
  await skills.save({ name: "greet", source: GREET.replace("Hi", "Hello") });

  const back = await skills.rollback("greet", 1);

  expect(back).toMatchObject({ version: 3 });
  expect(back.entry?.source).toBe(GREET);
  expect(await skills.versions("greet")).toMatchObject([
    { version: 1 },
    { version: 2 },
    { version: 3, rolledBackTo: 1, digest: back.digest },
  ]);
  expect((await skills.get("greet", { version: 2 })).entry?.source).toContain("Hello");
  await expect(skills.get("greet", { version: 9 })).rejects.toMatchObject({
    code: "SKILL_NOT_FOUND",
    message: expect.stringContaining("1 to 3"),
  });
});

test("an update replaces what it names and leaves the rest", async () => {
  const { skills } = openStore();
  await skills.create({ name: "greet", source: GREET, tags: ["a"], status: "draft" });

  const described = await skills.update("greet", { description: "Says */ @hi\n@param x y" });
  const schema = { type: "object", properties: { name: { type: "string", minLength: 1 } } };
  const typed = await skills.update("greet", { parameters: schema });
  const instructed = await skills.update("greet", { body: "# How\n\nGreet.", tags: [] });
  const recoded = await skills.update("greet", { source: "export default (n: number) => n;" });

  expect(described).toMatchObject({
    version: 2,
    description: "Says */ @hi\n@param x y",
    tags: ["a"],
    status: "draft",
  });
  expect(typed.entry?.parameters).toEqual(schema);
  expect(instructed).toMatchObject({
    form: "folder",
    version: 4,
    tags: [],
    body: "# How\n\nGreet.\n",
  });
  expect(instructed.entry).toMatchObject({ path: "scripts/greet.ts", parameters: schema });
  expect(recoded.description).toBe("Says */ @hi\n@param x y");
  expect(recoded.entry?.source).toBe("export default (n: number) => n;");
});

test("new source without a comment keeps the description of a single file", async () => {
  const { skills } = openStore();
  await skills.create({ name: "greet", source: GREET, tags: ["x"] });

  const saved = await skills.save({ name: "greet", source: "export const greet = () => 1;" });

  expect(saved).toMatchObject({ description: "Greets somebody.", tags: ["x"], version: 2 });
});

test("what is deleted is gone with its versions, and may be made anew", async () => {
  const { skills, storage } = openStore();
  await skills.create({ name: "greet", source: GREET });

  expect(await skills.delete("greet")).toBe(true);
  expect(await skills.delete("greet")).toBe(false);
  expect(await skills.list()).toMatchObject({ skills: [], total: 0 });
  await expect(skills.get("greet")).rejects.toMatchObject({ code: "SKILL_NOT_FOUND" });
  const contents = await storage.open("skills").list({ prefix: "content/" });
  expect(contents.entries).toEqual([]);
  expect(await skills.create({ name: "greet", source: GREET })).toMatchObject({ version: 1 });
});

test("statuses and tags choose what is listed and found", async () => {
  const { skills } = openStore();
  await skills.create({ name: "one", source: GREET, tags: ["x", "y"] });
  await skills.create({ name: "two", source: GREET, status: "draft", tags: ["x"] });
  await skills.create({ name: "three", source: GREET });
  await skills.setStatus("three", "archived");

  const names = async (options: Parameters<SkillStore["list"]>[0]): Promise<string[]> =>
    (await skills.list(options)).skills.map(({ name }) => name);

  expect(await names({})).toEqual(["one", "two"]);
  expect(await names({ tags: ["x", "y"] })).toEqual(["one"]);
  expect(await names({ status: "archived" })).toEqual(["three"]);
  expect(await names({ limit: 1, after: "one" })).toEqual(["two"]);
  expect(await skills.list({ limit: 1 })).toMatchObject({ total: 2, next: "one" });
  expect((await skills.search("greets")).hits.map(({ name }) => name)).toEqual(["one"]);
});

describe("names", () => {
  const names = [
    "../x",
    "con",
    "__proto__",
    "constructor",
    "then",
    "list",
    "invoke",
    "delete",
    "class",
    "x".repeat(300),
    "💥",
    "",
    "a b",
    "a--b",
    "-a",
    "a/b",
    "tools",
  ];
  test.each(names)("such as %j are refused with another to take", async (name) => {
    const { skills } = openStore();

    await expect(skills.create({ name, source: GREET })).rejects.toMatchObject({
      code: "SKILL_INVALID",
      message: expect.stringMatching(/such as "|Choose/),
    });
    await expect(skills.get(name)).rejects.toMatchObject({ code: "SKILL_NOT_FOUND" });
    await expect(skills.delete(name)).resolves.toBe(false);
  });

  test("that programs would spell the same are refused", async () => {
    const { skills } = openStore();
    await skills.create({ name: "a-b", source: GREET });

    await expect(skills.save({ name: "a_b", source: GREET })).rejects.toMatchObject({
      code: "SKILL_EXISTS",
      message: expect.stringContaining('"a-b"'),
    });
    await expect(skills.create({ name: "a-b", source: GREET })).rejects.toMatchObject({
      code: "SKILL_EXISTS",
    });
    await skills.create({ name: "extract-tables", source: GREET });
    await expect(skills.get("extract_table")).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean "extract-tables"?'),
    });
  });
});

test("who watches hears of what another store writes", async () => {
  const { skills, storage } = openStore();
  const heard = vi.fn<() => void>();
  const watcher = skills.watch(heard);
  const before = skills.revision;
  await skills.list();

  await openStore({ storage }).skills.create({ name: "greet", source: GREET });
  await expect.poll(() => heard.mock.calls.length).toBeGreaterThan(0);
  watcher[Symbol.dispose]();

  expect(skills.revision).not.toBe(before);
  expect(await skills.list()).toMatchObject({ total: 1 });
});

test("a record that nobody can read is told and hides no other", async () => {
  const { skills, storage } = openStore();
  await skills.create({ name: "greet", source: GREET });
  await storage.open("skills").put("head/other", Buffer.from("{not json"));
  await storage.open("skills").put("head/foreign", Buffer.from('{"format":9}'));

  const listing = await openStore({ storage }).skills.list();

  expect(listing.skills).toMatchObject([{ name: "greet" }]);
  expect(listing.diagnostics).toEqual([
    expect.objectContaining({ code: "SKILL_UNREADABLE" }),
    expect.objectContaining({ code: "SKILL_UNREADABLE" }),
  ]);
});

test("twenty writers at once lose no version, and an update none of another's changes", async () => {
  const { skills, storage } = openStore();
  const others = Array.from({ length: 4 }, () => openStore({ storage }).skills);
  await skills.create({ name: "greet", source: GREET });

  const saved = await Promise.all(
    others.flatMap((one, writer) =>
      [1, 2, 3, 4, 5].map((n) =>
        one.save({ name: "greet", source: GREET.replace("Hi", `Hi ${writer}-${n}`) }),
      ),
    ),
  );
  await Promise.all([
    skills.update("greet", { description: "New." }),
    others[0]?.update("greet", { tags: ["new"] }),
  ]);

  const versions = await skills.versions("greet");
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_one, index) => index + 1));
  for (const { version, digest } of saved) expect(versions[version - 1]?.digest).toBe(digest);
  expect(await skills.get("greet")).toMatchObject({ description: "New.", tags: ["new"] });
});

test("a bundle carries skills, and nothing of it is believed", async () => {
  const { skills } = openStore();
  await skills.create({ name: "greet", source: GREET, status: "draft" });
  await skills.create({
    name: "pdf",
    files: {
      "SKILL.md": "---\nname: pdf\ndescription: PDFs.\n---\n",
      "assets/a.bin": new Uint8Array([0, 255]),
    },
  });
  const bundle: unknown = JSON.parse(JSON.stringify(await skills.exportBundle()));
  const target = openStore().skills;

  expect(await target.importBundle(bundle)).toMatchObject({ done: ["greet", "pdf"] });
  expect(await target.importBundle(bundle)).toMatchObject({
    done: [],
    unchanged: ["greet", "pdf"],
  });
  expect(await target.get("greet")).toMatchObject({ status: "draft" });
  expect((await target.get("pdf")).files.get("assets/a.bin")).toEqual(new Uint8Array([0, 255]));
  await expect(target.importBundle({ format: "other" })).rejects.toMatchObject({
    code: "SKILL_INVALID",
  });
  const forged = JSON.parse(JSON.stringify(bundle).replace("Greets somebody", "Forged"));
  expect(await target.importBundle(forged)).toMatchObject({
    done: [],
    diagnostics: [{ code: "SKILL_NOT_IMPORTED", message: expect.stringContaining("digest") }],
  });
});
