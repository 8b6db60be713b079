import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { SkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createSkillsFromConfig } from "../src/create-skills.ts";
import { loadConfig } from "../src/load-config.ts";

// Two meanings: dogs, and money.
const EMBED = `async (texts) => texts.map((text) =>
  [/puppy|canine/, /price|afford/].map((words) => (words.test(text) ? 1 : 0.01)))`;
const files: Readonly<Record<string, string>> = {
  "object.ts": `export const embedder: { id: string } = { id: "two", embed: ${EMBED} };`,
  "factory.mjs": `export const createEmbedder = async () => ({ id: "two", embed: ${EMBED} });`,
  "class.mjs": `class Own { id = "own"; #embed = ${EMBED}; embed(texts) { return this.#embed(texts); } }
    export const embedder = new Own();`,
  "node_modules/my-embedder/package.json": '{ "name": "my-embedder", "exports": "./main.mjs" }',
  "node_modules/my-embedder/main.mjs": `export const embedder = { id: "two", embed: ${EMBED} };`,
  "other.mjs": "export const provider = 1; export default 2;",
  "empty.mjs": "",
  "no-id.mjs": `export const embedder = { embed: ${EMBED} };`,
  "no-embed.mjs": 'export const embedder = { id: "x" };',
  "no-function.mjs": 'export const createEmbedder = { id: "x" };',
  "makes-nothing.mjs": "export const createEmbedder = () => undefined;",
  "throws.mjs": "throw new Error(`boom in ${import.meta.filename}`);",
  "no-key.mjs": 'export const createEmbedder = () => { throw new Error("MODEL_KEY is not set"); };',
  "fails.mjs":
    'export const embedder = { id: "x", embed: async () => { throw new Error(`no answer in ${import.meta.filename}`); } };',
  "no-vectors.mjs": 'export const embedder = { id: "x", embed: async () => "vectors" };',
  "counts.mjs":
    "globalThis.embedderLoads = (globalThis.embedderLoads ?? 0) + 1; export * from './factory.mjs';",
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-embeddings-"));
  for (const [name, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- a few small files, their folders first
    await mkdir(dirname(join(folder, name)), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- as above
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** The skills of a config with these embeddings, among them two. */
async function open(embeddings: string): Promise<SkillStore> {
  const configPath = join(folder, "codemode.config.json");
  await writeFile(configPath, JSON.stringify({ embeddings }));
  const { config, folder: place } = await loadConfig({ cwd: tmpdir(), configPath, env: {} });
  const skills = createSkillsFromConfig({ config, folder: place }, createMemoryStorage());
  await skills.save({ name: "walk", source: "/** Walks a puppy. */\nexport function walk() {}\n" });
  await skills.save({ name: "buy", source: "/** Tells a price. */\nexport function buy() {}\n" });
  return skills;
}

test.each(["./object.ts", "./factory.mjs", "./class.mjs", "my-embedder"])(
  "embeddings %j finds what has none of the words",
  async (embeddings) => {
    await using skills = await open(embeddings);

    const found = await skills.search("canine exercise");

    expect(found).toMatchObject({ mode: "semantic", diagnostics: [] });
    expect(found.hits[0]?.name).toBe("walk");
  },
);

test.each([
  ["./gone.ts", '"./gone.ts" is not there. Its path starts at the config file\'s folder.'],
  ["gone-embedder", '"gone-embedder" is no package that is installed there. Install it, or write'],
  ["./other.mjs", "it exports default, provider. It has to export embedder, a provider { id:"],
  ["./empty.mjs", "it exports nothing. It has to export embedder"],
  ["./no-id.mjs", "cannot be used: embedder is no provider. It has to export"],
  ["./no-embed.mjs", "cannot be used: embedder is no provider. It has to export"],
  ["./no-function.mjs", "cannot be used: createEmbedder is no provider. It has to export"],
  ["./makes-nothing.mjs", "what createEmbedder gives is no provider. It has to export"],
  [
    "./throws.mjs",
    "cannot be loaded: boom in ./throws.mjs. Correct the module, or take embeddings",
  ],
  ["./no-key.mjs", "cannot be made: MODEL_KEY is not set. Correct the module"],
])("a search with embeddings %j says what is wrong and what to do", async (embeddings, message) => {
  await using skills = await open(embeddings);
  expect((await skills.list()).total).toBe(2);

  const search = skills.search("canine");

  await expect(search).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining(message),
  });
  await expect(search).rejects.not.toMatchObject({ message: expect.stringContaining(folder) });
});

test.each([
  ["./fails.mjs", "no answer in ./fails.mjs"],
  ["./no-vectors.mjs", "not one vector for each text"],
])("a provider that fails at work (%j) leaves words, and a note", async (embeddings, reason) => {
  await using skills = await open(embeddings);

  const found = await skills.search("puppy");

  expect(found).toMatchObject({ mode: "lexical", hits: [{ name: "walk" }] });
  expect(found.diagnostics).toEqual([
    { code: "SEARCH_NOT_SEMANTIC", message: expect.stringContaining(`failed (${reason})`) },
  ]);
});

const loads = (): unknown => Reflect.get(globalThis, "embedderLoads");

test("the provider is loaded at the first search, once", async () => {
  await using skills = await open("./counts.mjs");
  await skills.list();
  expect(loads()).toBeUndefined();

  await Promise.all([skills.search("canine"), skills.search("afford")]);

  expect(loads()).toBe(1);
});

test("a module that is mended is taken at the next search", async () => {
  await using skills = await open("./later.mjs");
  await expect(skills.search("canine")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await writeFile(join(folder, "later.mjs"), files["factory.mjs"] ?? "");

  const found = await skills.search("canine");

  expect(found.mode).toBe("semantic");
});
