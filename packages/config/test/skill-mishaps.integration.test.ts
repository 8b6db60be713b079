import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session } from "@codemode/session";
import { createSession, runSkillTests } from "@codemode/session";
import type { SkillStore } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { valueOf } from "./results.ts";

// What skills do wrong, in the program's guest and in guests of their own.

const sandbox = createIsolatedVmSandbox();
const registry = createToolRegistry();
const read = { description: "Reads.", run: async (): Promise<number> => 1 };
registry.addAdapter(createFunctionAdapter({ name: "fs", tools: { read } }));
beforeAll(() => registry.discoverAll());
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

const newStore = (): SkillStore => createSkillStore({ storage: createMemoryStorage() });
const open = (skills: SkillStore): Session =>
  createSession({ registry, sandbox, skills, limits: { computeMs: 1_000, timeoutMs: 20_000 } });

describe.each(["inline", "fork"])("a skill with context: %s", (context) => {
  const save = (skills: SkillStore, name: string, source: string): Promise<unknown> =>
    skills.save({ name, source: `/** Does.\n * @context ${context}\n */\n${source}` });

  test.each([
    "'text'",
    "undefined",
    "null",
    "{ a: 1 }",
    "Symbol('x')",
    "new Proxy({}, { get() { throw 1; } })",
  ])("that throws %s fails in words", async (thrown) => {
    const skills = newStore();
    await save(skills, "thrower", `export const run = () => { throw ${thrown}; };`);
    await using session = open(skills);

    const failed = await session.execute("await skills.thrower()");
    const run = await session.execute(
      'import { run_skill } from "generated/skills"; await run_skill({ skill_name: "thrower" })',
    );

    expect(failed).toMatchObject({ ok: false, error: { code: "GUEST_ERROR" } });
    expect(failed).toMatchObject({
      error: { message: expect.stringMatching(/thrown|be (?:read|shown)/) },
    });
    expect(valueOf(run)).toMatchObject({
      success: false,
      error: expect.stringMatching(/thrown|be read/),
      exit_code: 1,
    });
  });

  test("that saves or deletes itself while it runs ends as it began", async () => {
    const skills = newStore();
    const next = `/** Two.\n * @context ${context}\n */\nexport const run = () => 2;`;
    const change = `skills.save({ name: "changing", source: ${JSON.stringify(next)} })`;
    await save(
      skills,
      "changing",
      `export const run = async () => { await ${change}; return 1; };`,
    );
    await save(skills, "leaving", 'export const run = async () => skills.delete("leaving");');
    await using session = open(skills);

    const results = await session.execute("[await skills.changing(), await skills.leaving()]");
    const after = await session.execute(
      "[await skills.changing(), await skills.leaving().catch((error) => error.code)]",
    );

    expect(valueOf(results)).toEqual([1, true]);
    expect(valueOf(after)).toEqual([2, "SKILL_NOT_FOUND"]);
  });

  test("that changes the language breaks nobody but its caller", async () => {
    const skills = newStore();
    const body =
      "Object.keys = () => ['x']; JSON.stringify = () => '1'; Object.prototype.fork = true; return { a: [1] };";
    await save(
      skills,
      "clobber",
      `export const run = () => { globalThis.Promise = null; ${body} };`,
    );
    await using session = open(skills);

    const first = await session.execute("await skills.clobber()");
    const second = await session.execute("[Object.keys({ y: 1 }), JSON.stringify([2])]");

    expect(valueOf(first)).toEqual({ a: [1] });
    expect(valueOf(second)).toEqual([["y"], "[2]"]);
  });

  test("of a megabyte runs", async () => {
    const skills = newStore();
    const source = `export const data = ${JSON.stringify("x".repeat(1_000_000))};\nexport const run = () => data.length;`;
    await save(skills, "big", source);
    await using session = open(skills);

    const result = await session.execute(
      'import { run } from "skills/big"; [await run(), await skills.big()]',
    );

    expect(valueOf(result)).toEqual([1_000_000, 1_000_000]);
  });

  test("with hooks that throw or wait for ever fails, and says where", async () => {
    const skills = newStore();
    const hooked = (name: string, hook: string): Promise<unknown> =>
      skills.save({
        name,
        files: {
          "SKILL.md": `---\nname: ${name}\ndescription: Does.\ncontext: ${context}\nhooks:\n  before-invoke: lib/hooks.ts#before\n---\nRun it.\n`,
          "scripts/run.ts": "export const run = () => 1;",
          "lib/hooks.ts": `export function before() { ${hook} }`,
        },
      });
    await hooked("throwing", "throw new RangeError('no');");
    await hooked("waiting", "return new Promise(() => undefined);");
    await using session = open(skills);

    const [throwing, waiting] = await Promise.all(
      ["throwing", "waiting"].map((name) => session.execute(`await skills.${name}()`)),
    );

    expect(throwing).toMatchObject({
      error: { name: "RangeError", origin: { module: "skills/throwing/lib/hooks", line: 1 } },
    });
    expect(waiting).toMatchObject({
      error: { message: expect.stringContaining("waits for a promise that nothing will settle") },
    });
  });
});

test("what a skill in its own guest leaves behind is told under its name", async () => {
  const skills = newStore();
  const fork = (name: string, body: string): Promise<unknown> =>
    skills.save({
      name,
      source: `/** Does.\n * @context fork\n */\nexport const run = async () => { ${body} };`,
    });
  await fork("mapping", "return { seen: new Map([[1, 2]]) };");
  await fork("lasting", "await new Promise((done) => setTimeout(done, 60_000));");
  await fork("generous", "return 'x'.repeat(3_000_000);");
  await using session = open(skills);

  const mapped = await session.execute("await skills.mapping(); await skills.mapping()");
  const late = await session.execute("await skills.lasting()", { timeoutMs: 500 });
  const large = await session.execute("await skills.generous()");

  expect(valueOf(mapped)).toEqual({ seen: [[1, 2]] });
  expect(mapped.warnings.map(({ message }) => message)).toEqual([
    'Skill "mapping": value.seen is a Map; it is given as an array.',
  ]);
  expect(late).toMatchObject({ error: { code: "TIMEOUT" } });
  expect(JSON.stringify(late)).toContain("skills.lasting");
  expect(large).toMatchObject({
    error: {
      code: "SKILL_FAILED",
      message: expect.stringMatching(/^Skill "generous" gave more than \d+ characters/),
    },
  });
});

test("a skill may have the name of a server, and neither hides the other", async () => {
  const skills = newStore();
  await skills.save({ name: "fs", source: "/** Does. */\nexport const run = () => 'skill';" });
  await using session = open(skills);

  const result = await session.execute(
    'import { run } from "skills/fs"; import * as tools from "generated/servers/fs"; [await skills.fs(), await run(), await fs.read(), await tools.read()]',
  );

  expect(valueOf(result)).toEqual(["skill", "skill", 1, 1]);
});

test("files of tests that are broken or empty are failed tests", async () => {
  const skills = newStore();
  await skills.save({
    name: "tested",
    files: {
      "SKILL.md": "---\nname: tested\ndescription: Does.\nallowed-tools: fs.read\n---\nRun it.\n",
      "scripts/run.ts": "export const run = async () => fs.read({});",
      "tests/a.json": JSON.stringify({ cases: [{ tools: { "fs.read": [3] }, expected: 2 }] }),
      "tests/b.json": "{ no json",
      "tests/c.json": "[]",
      "tests/d.test.ts":
        "import { run } from '../scripts/run.ts'; test('reads', async () => expect(await run()).toBe(7));",
      "tests/d.tools.json": '{ "fs.read": [7] }',
      "tests/e.test.ts": "test('nothing', () => undefined);",
      "tests/e.tools.json": "nope",
    },
  });

  const results = await runSkillTests({ store: skills, sandbox, name: "tested" });

  expect(results.map(({ path, ok, message = "" }) => [path, ok, message.slice(0, 40)])).toEqual([
    ["tests/a.json", false, "It gave 3, expected was 2."],
    ["tests/b.json", false, expect.stringContaining("It is no JSON")],
    ["tests/c.json", false, "It has no case. Write one."],
    ["tests/d.test.ts", true, ""],
    ["tests/e.test.ts", false, expect.stringContaining("tests/e.tools.json is no JSON")],
  ]);
});
