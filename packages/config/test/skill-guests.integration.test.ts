import type { JsonObject } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { ExecuteResult, ExecutionError, Sandbox, SandboxEvent } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import type { AuditRecord, Session, SessionOptions } from "@codemode/session";
import { createSession } from "@codemode/session";
import type { SkillStore } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SANDBOXES = { "isolated-vm": createIsolatedVmSandbox, "local-eval": createLocalEvalSandbox };

const registry = createToolRegistry();
const never = (): Promise<never> => new Promise(() => undefined);
const echo = { description: "Echoes.", run: async (args: JsonObject): Promise<JsonObject> => args };
const slow = { description: "Never answers.", run: never };
registry.addAdapter(
  createFunctionAdapter({ name: "fs", tools: { read: echo, write: echo, slow } }),
);
registry.addAdapter(createFunctionAdapter({ name: "web", tools: { read: echo } }));
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

const skill = (body: string, tags: string): string =>
  `/**\n * Does something.\n${tags}\n */\nexport async function run(input: any): Promise<unknown> {\n  ${body}\n}`;

describe.each(Object.entries(SANDBOXES))("skills in guests of their own in %s", (_, create) => {
  const sandbox: Sandbox = create();
  afterAll(() => sandbox[Symbol.asyncDispose]());

  const open = (skills: SkillStore, more: Partial<SessionOptions> = {}): Session =>
    createSession({ registry, sandbox, skills, ...more });

  test("code that reaches for the program's own tools finds those of its skill", async () => {
    const skills = newStore();
    const ways = {
      global: "return globalThis.fs.write({ a: 1 });",
      text: 'return new Function("return fs.write({ a: 1 })")();',
      evaluated: "return (0, eval)(\"tools.call('fs.write', { a: 1 })\");",
      constructed: 'return (async () => {}).constructor("return await fs.write({ a: 1 })")();',
      module: "return (await (0, eval)(\"import('generated/servers/fs')\")).write({});",
      later: "globalThis.leak = () => fs.write({ a: 1 }); return globalThis.leak();",
    };
    for (const [name, body] of Object.entries(ways)) {
      // oxlint-disable-next-line no-await-in-loop -- a store is written one by one
      await skills.save({ name: `by-${name}`, source: skill(body, " * @allowed-tools fs.read") });
    }
    await using session = open(skills);

    const results = await Promise.all(
      Object.keys(ways).map((name) => session.execute(`await skills["by-${name}"]()`)),
    );

    expect(results.flatMap(({ calls }) => calls.filter(({ ok }) => ok))).toEqual([]);
    for (const result of results) {
      expect(result.ok).toBe(false);
      for (const { errorCode } of result.calls) expect(errorCode).toBe("TOOL_DENIED");
    }
    const denied = results.filter((result) => errorOf(result).code === "TOOL_DENIED");
    expect(denied.length).toBeGreaterThanOrEqual(4);
  });

  test("variables of the program are out of reach, and those of the skill do not come out", async () => {
    const skills = newStore();
    const body = "const seen = typeof globalThis.secret; globalThis.secret = 2; return seen;";
    await skills.save({ name: "peek", source: skill(body, " * @context fork") });
    await using session = open(skills);

    const result = await session.execute(
      "var secret = 1; [await skills.peek(), globalThis.secret, await skills.peek()]",
    );

    expect(valueOf(result)).toEqual(["undefined", 1, "number"]);
  });

  test("values, functions, errors and logs cross as those of any skill", async () => {
    const skills = newStore();
    await skills.save({
      name: "kit",
      source: `/**\n * A kit.\n * @allowed-tools fs.read\n */\nexport const LIMITS = { max: 3 };
export function double(n: number): number { console.log("doubling", n); return n * 2; }
export async function kit(input: { n: number }): Promise<unknown> { return fs.read(input); }
export function fail(): never { throw new RangeError("out of " + LIMITS.max); }`,
    });
    await using session = open(skills);

    const result = await session.execute(`import { double, LIMITS } from "skills/kit";
      import { run_skill } from "generated/skills";
      console.log("before");
      const doubled = await double(4);
      console.log("after");
      const run = await run_skill({ skill_name: "kit", args: { n: 5 } });
      [doubled, LIMITS, await skills.kit({ n: 1 }), run.success, run.output]`);
    const failed = await session.execute('import { fail } from "skills/kit";\n1;\nawait fail();');

    expect(valueOf(result)).toEqual([8, { max: 3 }, { n: 1 }, true, { n: 5 }]);
    expect(result.logs.map(({ text }) => text)).toEqual(["before", "doubling 4", "after"]);
    expect(errorOf(failed)).toMatchObject({
      name: "RangeError",
      message: "out of 3",
      line: 3,
      origin: { module: "skills/kit", line: 8 },
    });
  });

  test("what cannot go as data is named", async () => {
    const skills = newStore();
    await skills.save({ name: "echo", source: skill("return input;", " * @context fork") });
    await using session = open(skills);

    const error = errorOf(await session.execute("await skills.echo({ f: () => 1 })"));

    expect(error).toMatchObject({ code: "INVALID_ARGUMENTS", tool: "skills.echo" });
    expect(error.message).toMatch(/"echo" runs in a guest of its own.*data.*function/s);
  });

  test("calls count against the program's budget, and are in its records and events", async () => {
    const skills = newStore();
    await skills.save({
      name: "two",
      source: skill("await fs.read({}); await web.read({});", " * @denied-tools fs.write"),
    });
    const audited: AuditRecord[] = [];
    const events: SandboxEvent[] = [];
    await using session = open(skills, {
      maxToolCalls: 3,
      onAudit: (record) => audited.push(record),
    });

    const result = await session.execute(
      "await fs.read({}); await skills.two(); await skills.two();",
      {
        onEvent: (event) => events.push(event),
      },
    );

    expect(errorOf(result)).toMatchObject({ code: "TOOL_LIMIT" });
    const records = [
      { tool: "fs.read", ok: true },
      { tool: "fs.read", ok: true, skill: "two" },
      { tool: "web.read", ok: true, skill: "two" },
      { tool: "fs.read", ok: false, errorCode: "TOOL_LIMIT", skill: "two" },
    ];
    expect(result.calls).toMatchObject(records);
    const { executionId } = result;
    const told = audited.filter(({ type }) => type === "tool_call");
    expect(told).toMatchObject(records.map((record) => ({ ...record, executionId })));
    expect(new Set(told.map((record) => ("callId" in record ? record.callId : ""))).size).toBe(4);
    const started = events.filter(({ type }) => type === "call_started");
    expect(started).toMatchObject(records.map(({ tool }) => ({ tool, executionId })));
    expect(audited.at(-1)).toMatchObject({ type: "execution", toolCalls: 4 });
  });

  test("skills inside skills may do what all of them may, and circles are named", async () => {
    const skills = newStore();
    await skills.save({
      name: "inner",
      source: skill("return fs.write({ a: 1 });", " * @allowed-tools fs.write web.read"),
    });
    await skills.save({
      name: "middle",
      source: skill("return skills.inner();", ""),
    });
    await skills.save({
      name: "outer",
      source: skill("return skills.middle();", " * @allowed-tools fs.read"),
    });
    await skills.save({ name: "ping", source: skill("return skills.pong();", " * @context fork") });
    await skills.save({ name: "pong", source: skill("return skills.ping();", "") });
    await skills.save({
      name: "left",
      source: skill("return skills.right();", " * @context fork"),
    });
    await skills.save({
      name: "right",
      source: skill("return skills.left();", " * @context fork"),
    });
    await using session = open(skills);
    const run = async (name: string): Promise<ExecuteResult> =>
      session.execute(`await skills.${name}()`);

    expect(valueOf(await run("middle"))).toEqual({ a: 1 });
    expect(errorOf(await run("outer"))).toMatchObject({
      code: "TOOL_DENIED",
      message: expect.stringContaining('Skill "outer" may not call "fs.write"'),
    });
    expect(errorOf(await run("pong"))).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("pong -> ping -> pong"),
    });
    expect(errorOf(await run("left"))).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("left -> right -> left"),
    });
  });

  test("seventeen guests of skills inside each other are one too many", async () => {
    const skills = newStore();
    for (let n = 1; n <= 17; n += 1) {
      const body = n === 17 ? "return 17;" : `return skills.s${n + 1}();`;
      const context = n % 6 === 0 ? " * @context fork" : "";
      // oxlint-disable-next-line no-await-in-loop -- a store is written one by one
      await skills.save({ name: `s${n}`, source: skill(body, context) });
    }
    await using session = open(skills);

    expect(valueOf(await session.execute("await skills.s2()"))).toBe(17);
    expect(errorOf(await session.execute("await skills.s1()"))).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("more than 16 deep: s1 -> s2"),
    });
  });

  test("a skill that computes for ever ends alone, and one that waits for ever ends with its program", async () => {
    const skills = newStore();
    await skills.save({ name: "loop", source: skill("for (;;);", " * @context fork") });
    await skills.save({ name: "wait", source: skill("return fs.slow({});", " * @context fork") });
    await using session = open(skills, { limits: { computeMs: 1_000, toolTimeoutMs: 60_000 } });

    const looped = await session.execute(
      "await skills.loop().catch((error) => [error.code, error.message, error.details, 1 + 1])",
    );
    const waited = await session.execute("await skills.wait()", { timeoutMs: 1_000 });

    expect(valueOf(looped)).toEqual([
      "SKILL_FAILED",
      expect.stringContaining('Skill "loop" did not run to its end.'),
      { code: "COMPUTE_LIMIT" },
      2,
    ]);
    expect(errorOf(waited).code).toBe("TIMEOUT");
  });

  test("a skill may run for longer than a tool", async () => {
    const skills = newStore();
    const body = "await new Promise((done) => setTimeout(done, 600)); return 1;";
    await skills.save({ name: "patient", source: skill(body, " * @context fork") });
    await using session = open(skills, { limits: { toolTimeoutMs: 200 } });

    expect(valueOf(await session.execute("await skills.patient()"))).toBe(1);
  });

  test("a limited skill cannot give itself other limits", async () => {
    const skills = newStore();
    const source = skill("return fs.write({});", " * @denied-tools fs.write");
    const change = `return skills.save({ name: "sly", source: ${JSON.stringify(skill("return fs.write({});", ""))} });`;
    await skills.save({ name: "sly", source: skill(change, " * @denied-tools fs.write") });
    await skills.save({ name: "strict", source: skill(change, " * @allowed-tools fs.read") });
    await skills.save({ name: "other", source });
    await using session = open(skills);

    const [sly, strict] = await Promise.all(
      ["sly", "strict"].map((name) => session.execute(`await skills.${name}()`)),
    );

    expect(sly && errorOf(sly)).toMatchObject({
      code: "TOOL_DENIED",
      message: expect.stringContaining('Skill "sly" may not change itself'),
    });
    expect(strict && errorOf(strict)).toMatchObject({
      code: "TOOL_DENIED",
      message: expect.stringContaining('may not call "skills.save"'),
    });
    expect((await skills.get("sly")).version).toBe(1);
  });

  test("modules in tests/ of a limited skill are limited like all others", async () => {
    const skills = newStore();
    await skills.save({
      name: "sneaky",
      files: {
        "SKILL.md": "---\nname: sneaky\ndescription: Does.\nallowed-tools: fs.read\n---\nRun it.\n",
        "scripts/run.ts": "export const run = () => 1;",
        "tests/other.ts": "export const other = () => globalThis.fs.write({ a: 1 });",
        "tests/plain.ts": "await globalThis.fs.write({ a: 1 });",
      },
    });
    await using session = open(skills);

    const imported = await session.execute(
      'import { other } from "skills/sneaky/tests/other"; await other()',
    );
    const run = await session.execute(
      'import { run_skill } from "generated/skills"; await run_skill({ skill_name: "sneaky", script_name: "tests/plain.ts" })',
    );

    expect(errorOf(imported).code).toBe("TOOL_DENIED");
    expect(valueOf(run)).toMatchObject({ success: false, root_error_code: "TOOL_DENIED" });
    expect([...imported.calls, ...run.calls].filter(({ ok }) => ok)).toEqual([]);
  });

  test("context: inline keeps a limited skill in the program's guest, with functions as arguments", async () => {
    const skills = newStore();
    await skills.save({
      name: "mapper",
      source: skill("return [1, 2].map(input.f);", " * @allowed-tools fs.read\n * @context inline"),
    });
    await using session = open(skills);

    expect(valueOf(await session.execute("await skills.mapper({ f: (n) => n + 1 })"))).toEqual([
      2, 3,
    ]);
  });

  test("many calls at once share a few guests, and all are closed with their program", async () => {
    const skills = newStore();
    await skills.save({ name: "half", source: skill("return input.n / 2;", " * @context fork") });
    await using session = open(skills, { maxGuests: 1 });

    const result = await session.execute(
      "await Promise.all(Array.from({ length: 20 }, (_, n) => skills.half({ n })))",
    );
    const again = await Promise.all(
      [1, 2, 3].map((n) => session.execute(`await skills.half({ n: ${n} })`)),
    );

    expect(valueOf(result)).toEqual(Array.from({ length: 20 }, (_unused, n) => n / 2));
    expect(again.map(valueOf)).toEqual([0.5, 1, 1.5]);
  });
});
