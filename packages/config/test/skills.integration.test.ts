import type { JsonObject } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { ExecuteResult, ExecutionError, Sandbox } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import type { AuditRecord, Session, SessionOptions } from "@codemode/session";
import { createSession } from "@codemode/session";
import type { SkillStore } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SANDBOXES = { "isolated-vm": createIsolatedVmSandbox, "local-eval": createLocalEvalSandbox };

const echo = async (args: JsonObject): Promise<JsonObject> => args;
const registry = createToolRegistry();
for (const server of ["fs", "web"]) {
  const tool = { description: "Echoes.", run: echo };
  const tools = { read: tool, write: tool };
  registry.addAdapter(createFunctionAdapter({ name: server, tools }));
}
beforeAll(() => registry.discoverAll());
afterAll(() => registry[Symbol.asyncDispose]());

const newStore = (): SkillStore => createSkillStore({ storage: createMemoryStorage() });

function valueOf(result: ExecuteResult): unknown {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

function errorOf(result: ExecuteResult): ExecutionError {
  if (result.ok) throw new Error(`It did not fail: ${JSON.stringify(result.value)}`);
  return result.error;
}

const GREET = `/** Greets someone by name. */
export function greet(name: string, mark: string = "!"): string {
  return "Hello " + name + mark;
}`;

const calls = (tool: string): string => `export const run = async () => ${tool}({ a: 1 });`;
const version = (n: number): string =>
  `/** Tells its version. */\nexport const which = (): number => ${n};`;

describe.each(Object.entries(SANDBOXES))("skills in %s", (_, createSandbox) => {
  const sandbox: Sandbox = createSandbox();
  afterAll(() => sandbox[Symbol.asyncDispose]());

  const open = (skills: SkillStore, more: Partial<SessionOptions> = {}): Session =>
    createSession({ registry, sandbox, skills, ...more });

  test("a program saves a skill, and the next session imports, calls and runs it", async () => {
    const skills = newStore();
    await using first = open(skills);
    const saved = await first.execute(
      `const made = await skills.create("greet", ${JSON.stringify(GREET)}, "Greets people");
      [made, await skills.greet({ name: "you" })]`,
    );
    expect(valueOf(saved)).toMatchObject([
      { name: "greet", version: 1, status: "active", signature: expect.stringContaining("greet(") },
      "Hello you!",
    ]);

    await using second = open(skills);
    const used = await second.execute(`import { greet } from "skills/greet";
      import { run_skill, list_skills, load_skill } from "generated/skills";
      const { source, parameters } = await skills.get("greet");
      [greet("a"), await skills.greet("b", "?"), await skills.invoke("greet", { name: "c" }),
        (await run_skill({ skill_name: "greet", args: { name: "d" } })).output,
        (await skills.list()).map((one) => one.name), (await list_skills({})).length,
        (await skills.search("greet someone")).map((one) => one.name),
        source.includes("Hello"), parameters.required, (await load_skill({ skill_name: "greet" })).includes("skills.greet")]`);

    expect(valueOf(used)).toEqual([
      "Hello a!",
      "Hello b?",
      "Hello c!",
      "Hello d!",
      ["greet"],
      1,
      ["greet"],
      true,
      ["name"],
      true,
    ]);
  });

  test("skills compose skills, tools and their own files, with scripts and resources", async () => {
    const skills = newStore();
    await skills.save({ name: "greet", source: GREET });
    await skills.save({
      name: "batch-greet",
      files: {
        "SKILL.md": "---\nname: batch-greet\ndescription: Greets many.\n---\nRun it with names.\n",
        "scripts/run.ts": `import { greet } from "skills/greet";
import { MARK } from "../lib/marks.ts";
import { parallel } from "codemode/helpers";
/** Greets all names. */
export async function run(input: { names: string[] }): Promise<string[]> {
  await fs.write({ path: "log", text: input.names.join() });
  return parallel(input.names.map((name) => async () => greet(name, MARK)), { limit: 2 });
}`,
        "scripts/count.js":
          "console.log('counting');\nexport default (input) => Object.keys(input).length;",
        "lib/marks.ts": 'export const MARK: string = "?!";',
        "references/names.md": "Ada, Bob",
      },
    });
    await using session = open(skills);

    const result = await session.execute(`
      import { run_skill, read_skill_resource } from "generated/skills";
      import { run } from "skills/batch-greet/scripts/run";
      const counted = await run_skill({ skill_name: "batch-greet", script_name: "count.py", args: { a: 1 } });
      [await run({ names: ["x"] }), (await run_skill({ skill_name: "batch_greet", script_name: "run", args: { names: ["y"] } })).output,
        counted.output, counted.stdout, await read_skill_resource({ skill_name: "batch-greet", resource_name: "names.md" })]`);

    expect(valueOf(result)).toEqual([["Hello x?!"], ["Hello y?!"], 1, "counting\n", "Ada, Bob"]);
    expect(result.calls.map(({ tool }) => tool)).toEqual(["fs.write", "fs.write"]);
  });

  test("allowed-tools and denied-tools hold while a skill runs, for what it uses too", async () => {
    const skills = newStore();
    await skills.save({
      name: "reader",
      source: `/** Reads. */\nexport const run = async () => Promise.all([fs.read({ n: 1 }), tools.call("fs__read", { n: 2 })]);`,
      allowedTools: ["fs.read"],
    });
    await skills.save({
      name: "writer",
      source: `/** Writes. */\n${calls("fs.write")}`,
      allowedTools: ["fs.*", "web"],
    });
    await skills.save({
      name: "careful",
      source: `/** Is careful. */\n${calls("web.write")}`,
      deniedTools: ["web.write"],
    });
    await skills.save({
      name: "outer",
      source: `/** Uses writer. */\nimport { run as write } from "skills/writer";\nexport const run = () => write();`,
      allowedTools: ["fs.read"],
    });
    await skills.save({
      name: "caller",
      source: `/** Calls writer. */\nexport const run = async () => { await null; return skills.writer(); };`,
      deniedTools: ["fs"],
    });
    await using session = open(skills);
    const run = (code: string): Promise<ExecuteResult> => session.execute(code);

    expect(valueOf(await run("await skills.reader()"))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(valueOf(await run("await skills.writer()"))).toEqual({ a: 1 });
    const refused = await Promise.all(
      ["careful", "outer", "caller"].map((name) => run(`await skills.${name}()`)),
    );

    expect(refused.map((result) => errorOf(result))).toMatchObject([
      {
        code: "TOOL_DENIED",
        phase: "policy",
        tool: "web.write",
        message: expect.stringContaining('Skill "careful" may not call "web.write"'),
      },
      { code: "TOOL_DENIED", message: expect.stringContaining('Skill "outer"') },
      { code: "TOOL_DENIED", message: expect.stringContaining('Skill "caller"') },
    ]);
    expect(refused.flatMap(({ calls: made }) => made)).toMatchObject([
      { tool: "web.write", ok: false, errorCode: "TOOL_DENIED" },
      { tool: "fs.write", ok: false, errorCode: "TOOL_DENIED" },
      { tool: "fs.write", ok: false, errorCode: "TOOL_DENIED" },
    ]);
    expect(valueOf(await run("await web.write({ mine: true })"))).toEqual({ mine: true });
  });

  test("a record of a call names the skill that made it, a refused one among them", async () => {
    const skills = newStore();
    await skills.save({
      name: "reader",
      source: `/** Reads. */\nexport const run = async () => { await fs.read({}); await web.read({}); };`,
      deniedTools: ["web"],
    });
    await skills.save({
      name: "outer",
      source: `/** Reads too. */\nimport { run as read } from "skills/reader";\nexport const run = async () => { await fs.write({}); await read(); };`,
    });
    const audited: AuditRecord[] = [];
    await using session = open(skills, { onAudit: (record) => audited.push(record) });

    const result = await session.execute("await web.read({ mine: 1 }); await skills.outer();");

    const records = [
      { tool: "web.read", ok: true },
      { tool: "fs.write", ok: true, skill: "outer" },
      { tool: "fs.read", ok: true, skill: "reader" },
      { tool: "web.read", ok: false, errorCode: "TOOL_DENIED", skill: "reader" },
    ];
    expect(errorOf(result)).toMatchObject({ code: "TOOL_DENIED" });
    expect(result.calls).toMatchObject(records);
    expect(result.calls[0]).not.toHaveProperty("skill");
    expect(audited.filter(({ type }) => type === "tool_call")).toMatchObject(records);
  });

  test("calls of skills count against the program's budget", async () => {
    const skills = newStore();
    await skills.save({
      name: "two",
      source:
        "/** Calls twice. */\nexport const run = async () => { await fs.read({}); await fs.read({}); };",
    });
    await using session = open(skills, { maxToolCalls: 3 });

    const result = await session.execute("await skills.two(); await skills.two();");

    expect(errorOf(result)).toMatchObject({ code: "TOOL_LIMIT" });
    expect(result.calls).toHaveLength(4);
  });

  test("errors name the skill's own line, and what is missing says what there is", async () => {
    const skills = newStore();
    await skills.save({
      name: "thrower",
      source: `/** Throws. */\ninterface Row { n: number }\n\nexport function thrower(row: Row): never {\n  throw new RangeError("row " + row.n);\n}`,
    });
    await using session = open(skills);

    const thrown = errorOf(await session.execute("const a = 1;\nawait skills.thrower({ n: 3 });"));
    expect(thrown).toMatchObject({
      name: "RangeError",
      message: "row 3",
      line: 2,
      origin: { module: "skills/thrower", line: 5 },
      hints: expect.arrayContaining(["It was thrown in skills/thrower, line 5."]),
    });
    const ran = await session.execute(
      'import { run_skill } from "generated/skills";\nawait run_skill({ skill_name: "thrower", args: { n: 1 } })',
    );
    expect(valueOf(ran)).toMatchObject({
      success: false,
      code_error: { name: "RangeError", traceback: expect.stringContaining("skills/thrower:5:") },
    });

    const missing = await Promise.all(
      [
        '1;\nimport { thrower } from "skills/throwr";',
        '1;\nimport { throwe } from "skills/thrower";',
        "1;\nawait skills.throwr();",
        "1;\nawait skills.thrower({});",
      ].map((code) => session.execute(code)),
    );
    expect(missing.map((result) => errorOf(result))).toMatchObject([
      {
        code: "SKILL_NOT_FOUND",
        phase: "check",
        line: 2,
        message: expect.stringContaining("thrower"),
      },
      {
        code: "IMPORT_NOT_FOUND",
        line: 2,
        message: expect.stringContaining('Did you mean "thrower"?'),
      },
      { code: "SKILL_NOT_FOUND", line: 2, message: expect.stringContaining("thrower") },
      { code: "INVALID_ARGUMENTS", line: 2, message: expect.stringContaining("n is missing") },
    ]);
  });

  test("the next execution sees a changed skill", async () => {
    const skills = newStore();
    await skills.save({ name: "which", source: version(1) });
    await using session = open(skills, { defaultGuest: "shared" });
    const code = 'import { which } from "skills/which"; [which(), await skills.which()]';

    expect(valueOf(await session.execute(code))).toEqual([1, 1]);
    await skills.save({ name: "which", source: version(2) });
    expect(valueOf(await session.execute(code))).toEqual([2, 2]);
    expect(valueOf(await session.execute("await skills.which()"))).toBe(2);
    await skills.rollback("which", 1);
    expect(valueOf(await session.execute(code))).toEqual([1, 1]);
  });

  test("hooks of a skill run around its entry", async () => {
    const skills = newStore();
    await skills.save({
      name: "hooked",
      files: {
        "SKILL.md":
          "---\nname: hooked\ndescription: Has hooks.\nhooks:\n  before-invoke: lib/hooks.ts#before\n  on-error: lib/hooks.ts#failed\n---\nRun it.\n",
        "scripts/hooked.ts":
          "export function hooked(input: { fail?: boolean }) { if (input.fail) throw new Error('broken'); return 1; }",
        "lib/hooks.ts":
          "export function before(event) { console.log('before', event.args); }\nexport function failed(event) { console.log(event.error.message); }",
      },
    });
    const { hooks, entry } = await skills.get("hooked");
    expect([hooks.beforeInvoke?.exportName, entry?.exportName]).toEqual(["before", "hooked"]);
    await using session = open(skills);

    const well = await session.execute("await skills.hooked({})");
    const badly = await session.execute("await skills.hooked({ fail: true })");

    expect([valueOf(well), well.logs.map(({ text }) => text)]).toEqual([1, ["before {}"]]);
    expect([errorOf(badly).message, badly.logs.at(-1)?.text]).toEqual(["broken", "broken"]);
  });

  test("a session without skills has none of it", async () => {
    await using session = createSession({ registry, sandbox });

    const results = await Promise.all(
      ["typeof skills", 'import "generated/skills"'].map((code) => session.execute(code)),
    );

    expect(results[0]).toMatchObject({ ok: true, value: "undefined" });
    expect(results[1]?.ok).toBe(false);
  });
});
