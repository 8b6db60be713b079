import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { codemode, codemodeHere, folder, json, main, withServers, useFolder } from "./command.ts";

useFolder();
const GREET = "async function greet(name: string) { return `Hi ${name}`; }\n";

const INVOICE = "/** Writes an invoice. */\nexport function invoice() {}\n";
// Knows two meanings, and needs a network for some queries.
const EMBEDDER = `
export const embedder = {
  id: "two-meanings",
  async embed(texts: readonly string[]): Promise<number[][]> {
    if (texts.includes("invoice offline")) throw new Error("no network");
    return texts.map((text) => [/greet|hello/i, /invoice|payment/i].map((words) => (words.test(text) ? 1 : 0.1)));
  },
};
`;

test("a skill is saved, listed, found, shown, rolled back, exported, deleted and imported", async () => {
  await withServers({});
  await writeFile(join(folder.path, "greet-somebody.ts"), GREET);

  const args = ["--description", "Greets somebody by name.", "--tag", "text", "--json"];
  const saved = await codemode(["skills", "save", "greet", "greet-somebody.ts", ...args]);
  const again = await codemode(["skills", "save", "greet", "-"], GREET.replace("Hi", "Hello"));
  const back = await codemode(["skills", "versions", "greet", "--roll-back", "1", "--json"]);
  const [listed, found, shown, bundle] = await Promise.all([
    codemode(["skills", "list", "--tag", "text"]),
    codemode(["skills", "search", "say", "hello", "to", "somebody", "--json"]),
    codemode(["skills", "show", "greet", "--at", "2"]),
    codemode(["skills", "export", "greet"]),
  ]);
  const deleted = await codemode(["skills", "delete", "greet", "nobody", "--json"]);
  const imported = await codemode(["skills", "import", "-", "--json"], bundle.stdout);

  expect(json(saved)).toEqual({ ok: true, name: "greet", version: 1 });
  expect(again).toMatchObject({ code: 0, stdout: "greet is at version 2\n" });
  expect(json(back)).toMatchObject({ versions: [{}, {}, { version: 3, rolledBackTo: 1 }] });
  expect(listed).toMatchObject({ code: 0, stdout: "greet (v3): Greets somebody by name.\n" });
  expect(json(found)).toMatchObject({ mode: "lexical", hits: [{ name: "greet" }] });
  expect(shown.stdout).toContain("Hello ${name}");
  expect(deleted.code).toBe(2);
  expect(json(deleted)).toEqual({ ok: false, deleted: ["greet"], missing: ["nobody"] });
  expect(json(imported)).toMatchObject({ ok: true, done: ["greet"] });
  expect(await readFile(join(folder.path, "skills/greet.ts"), "utf8")).toContain("Hi ${name}");
});

test("a skill that is saved without a name has that of its file", async () => {
  await withServers({});
  await writeFile(join(folder.path, "greet-somebody.ts"), GREET);
  await mkdir(join(folder.path, "packs/order-total"), { recursive: true });
  await mkdir(join(folder.path, "wave"));
  await writeFile(join(folder.path, "wave/index.ts"), GREET);
  const wave = { description: "Waves.", code: "export const waving = () => 1;" };
  await writeFile(join(folder.path, "waving.skill.json"), JSON.stringify(wave));
  const instructions = "---\nname: order-total\ndescription: Adds.\n---\nAdd them.\n";
  await writeFile(join(folder.path, "packs/order-total/SKILL.md"), instructions);

  const saved = await Promise.all(
    [
      "greet-somebody.ts",
      "packs/order-total",
      "packs/order-total/SKILL.md",
      "wave/index.ts",
      "waving.skill.json",
    ].map((file) => codemodeHere(["skills", "save", file, "--description", "Does it.", "--json"])),
  );
  const [missing, nameless] = await Promise.all([
    codemodeHere(["skills", "save", "nothing.ts"]),
    codemodeHere(["skills", "save", "-"], GREET),
  ]);

  expect(saved.map((one) => json(one))).toMatchObject([
    { ok: true, name: "greet-somebody" },
    { ok: true, name: "order-total" },
    { ok: true, name: "order-total" },
    { ok: true, name: "wave" },
    { ok: true, name: "waving" },
  ]);
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no file "nothing.ts"'),
  });
  expect(nameless.stderr).toContain("codemode skills save NAME FILE");
});

test("what is wrong ends with its exit code and one document", async () => {
  await withServers({});
  await mkdir(join(folder.path, "broken"));
  await writeFile(join(folder.path, "broken/x.ts"), "export const = 1");

  const [missing, invalid, name, imported] = await Promise.all([
    codemodeHere(["skills", "show", "nothing", "--json"]),
    codemodeHere(["skills", "save", "x", "-", "--json"], "export const = 1"),
    codemodeHere(["skills", "save", "../x", "-"], GREET),
    codemodeHere(["skills", "import", "broken", "--json"]),
  ]);

  expect(missing.code).toBe(2);
  expect(json(missing)).toMatchObject({ error: { code: "SKILL_NOT_FOUND" } });
  expect(invalid.code).toBe(1);
  expect(json(invalid)).toMatchObject({ error: { code: "SKILL_INVALID", details: { line: 1 } } });
  expect(name).toMatchObject({ code: 1, stdout: "" });
  expect(imported.code).toBe(1);
  expect(json(imported)).toMatchObject({ ok: false, diagnostics: [{}] });
});

test("skills are found by meaning where the config names embeddings, and by words where they fail", async () => {
  const config = join(folder.path, "codemode.config.json");
  await writeFile(config, JSON.stringify({ embeddings: "./embedder.ts" }));
  await writeFile(join(folder.path, "embedder.ts"), EMBEDDER);
  await codemodeHere(["skills", "save", "greet", "-", "--description", "Greets people."], GREET);
  await codemodeHere(["skills", "save", "invoice", "-"], INVOICE);

  const [found, printed, failed] = await Promise.all([
    codemodeHere(["skills", "search", "request", "payment", "--limit", "1", "--json"]),
    codemodeHere(["skills", "search", "request", "payment", "--limit", "1"]),
    codemodeHere(["skills", "search", "invoice", "offline"]),
  ]);
  await writeFile(config, JSON.stringify({ embeddings: "./embeder.ts" }));
  const [wrong, listed] = await Promise.all([
    codemodeHere(["skills", "search", "payment"]),
    codemodeHere(["skills", "list"]),
  ]);

  expect(json(found)).toMatchObject({ mode: "semantic", hits: [{ name: "invoice" }] });
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect(printed.stdout).toContain("Writes an invoice.");
  expect(failed.stdout).toContain("Writes an invoice.");
  expect(failed).toMatchObject({ code: 0, stderr: expect.stringContaining("no network") });
  expect(wrong).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining('The embeddings "./embeder.ts" is not there.'),
  });
  expect(listed.code).toBe(0);
});

test("with --servers skills of MCP servers are listed, found and shown, marked by their origin", async () => {
  const upstream = join(folder.path, "upstream");
  const config = join(upstream, "codemode.config.json");
  await mkdir(upstream);
  await writeFile(config, "{}");
  await codemodeHere(["--config", config, "skills", "save", "invoice", "-"], INVOICE);
  await withServers({
    office: { command: process.execPath, args: [main, "--config", config, "serve"] },
    broken: { command: process.execPath, args: ["-e", "process.exit(1)"] },
  });
  await codemodeHere(["skills", "save", "greet", "-", "--description", "Greets people."], GREET);

  const [own, listed, found, shown] = await Promise.all([
    codemode(["skills", "list"]),
    codemode(["skills", "list", "--servers"]),
    codemode(["skills", "search", "invoice", "--servers", "--json"]),
    codemode(["skills", "show", "invoice", "--servers", "--json"]),
  ]);

  expect(own).toMatchObject({ stdout: "greet (v1): Greets people.\n", stderr: "" });
  expect(listed.code).toBe(0);
  expect(listed.stdout).toBe(
    "greet (v1): Greets people.\ninvoice (mcp:office): Writes an invoice.\n",
  );
  expect(listed.stderr).toContain('"broken"');
  expect(json(found)).toMatchObject({ hits: [{ name: "invoice", origin: "mcp:office" }] });
  expect(json(shown)).toMatchObject({ name: "invoice", origin: "mcp:office", scripts: [] });
});

test("without a config file nothing is saved that would be forgotten", async () => {
  const outcome = await codemodeHere(["skills", "save", "greet", "-"], GREET);

  expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining("codemode init") });
});

test("a skill runs with arguments; what it prints goes beside its value", async () => {
  await withServers({});
  const source = `/** Greets somebody. */
export function greet(name: string, times = 1): string {
  console.log("greeting", name);
  if (times > 3) throw new RangeError("too often");
  return Array.from({ length: times }, () => "Hi " + name).join(", ");
}`;
  await codemodeHere(["skills", "save", "greet", "-"], source);

  const [plain, asJson, failed, misused, missing] = await Promise.all([
    codemode(["skills", "run", "greet", "name=Ada", "times=2"]),
    codemode(["skills", "run", "greet", '{"name":"Bob"}', "--json"]),
    codemode(["skills", "run", "greet", "name=Ada", "times=4"]),
    codemode(["skills", "run", "greet"]),
    codemode(["skills", "run", "gret"]),
  ]);

  expect(plain).toMatchObject({ code: 0, stdout: "Hi Ada, Hi Ada\n" });
  expect(plain.stderr).toContain("greeting Ada");
  expect(json(asJson)).toMatchObject({ success: true, output: "Hi Bob", exit_code: 0 });
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toMatch(/RangeError: too often[^]*skills\/greet:4:/);
  expect(misused).toMatchObject({ code: 2, stderr: expect.stringContaining("name is missing") });
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('"greet"') });
  expect(missing.stderr).toContain("codemode skills list");
});

test("the tests of skills run, and fail the command where one fails", async () => {
  await withServers({});
  const path = join(folder.path, "skills/twice");
  await mkdir(join(path, "tests"), { recursive: true });
  await mkdir(join(path, "scripts"));
  const head = "---\nname: twice\ndescription: Doubles a number.\n---\nDoubles.\n";
  await writeFile(join(path, "SKILL.md"), head);
  const code = "export const twice = async (n: number) => (await math.add({ a: n, b: n })).sum;";
  await writeFile(join(path, "scripts/twice.ts"), code);
  const tools = { "math.add": [{ sum: 4 }] };
  const cases = [
    { name: "two", args: { n: 2 }, tools, expected: 4 },
    { name: "three", args: { n: 3 }, tools, expected: 6 },
  ];
  await writeFile(join(path, "tests/cases.json"), JSON.stringify({ cases }));

  const all = await codemode(["skills", "test"]);
  const one = await codemode(["skills", "test", "twice", "--json"]);

  expect(all.code).toBe(1);
  expect(all.stdout).toContain("ok   twice tests/cases.json: two\n");
  expect(all.stdout).toContain("It gave 4, expected was 6.");
  expect(all.stdout).toContain("1 passed, 1 failed");
  expect(json(one)).toMatchObject({ ok: false, passed: 1, failed: 1 });
});

test("one skill that is to be imported, and a folder that is to be exported to, are told the right way", async () => {
  await withServers({});
  await writeFile(join(folder.path, "hello.skill.md"), "---\nname: hello\n---\n");

  const [imported, exported] = await Promise.all([
    codemodeHere(["skills", "import", "hello.skill.md"]),
    codemodeHere(["skills", "export", "out"]),
  ]);

  expect(imported.code).toBe(2);
  expect(imported.stderr).toContain("Save it with: codemode skills save");
  expect(exported.code).toBe(2);
  expect(exported.stderr).toContain("--out FOLDER");
});
