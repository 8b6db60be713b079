import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { ToolsetOptions, ToolsetResult } from "../src/index.ts";
import { createToolset } from "../src/index.ts";
import { serverInstructions } from "../src/mcp/instructions.ts";

const registry = createToolRegistry();
registry.addAdapter(
  createFunctionAdapter({
    name: "math",
    tools: { double: { description: "Doubles n.", run: ({ n }) => Number(n) * 2 } },
  }),
);
let sandbox: Sandbox;
let session: Session;

beforeAll(async () => {
  await registry.discoverAll();
  sandbox = createIsolatedVmSandbox();
});
beforeEach(() => {
  const skills = createSkillStore({ storage: createMemoryStorage() });
  session = createSession({ registry, sandbox, skills });
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

const QUADRUPLE = `/** Multiplies by four. */
export async function quadruple(n: number): Promise<number> {
  console.log("twice", n);
  return math.double({ n: await math.double({ n }) });
}`;

const names = (options: Partial<ToolsetOptions>): readonly string[] =>
  createToolset({ session, ...options }).tools.map(({ name }) => name);

async function call(name: string, args: unknown): Promise<ToolsetResult> {
  const tool = createToolset({ session, skills: true }).tools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.execute(args);
}

test("skills only, programs only, and both are each a set of tools", () => {
  const skillTools = [
    "create_skill_version",
    "delete_skill",
    "discover_skills",
    "get_skill",
    "list_skill_versions",
    "list_skills",
    "load_skill",
    "read_skill_resource",
    "run_skill",
    "save_skill",
    "search_skills",
  ];

  expect(names({ codemode: false, skills: true })).toEqual(skillTools);
  expect(names({})).not.toContain("save_skill");
  expect(names({ skills: true })).toEqual(
    [...names({}), ...skillTools].toSorted((a, b) => (a < b ? -1 : 1)),
  );
});

test("the skill tools cost a model at most 1,050 tokens", () => {
  const { tools } = createToolset({ session, codemode: false, skills: true });
  const sent = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));

  expect(countTokens(JSON.stringify(sent))).toBeLessThanOrEqual(1_050);
});

test("a skill is saved, found, read, run, changed, brought back and deleted", async () => {
  expect(
    await call("save_skill", { name: "quadruple", code: QUADRUPLE, tags: ["math"] }),
  ).toMatchObject({
    isError: false,
    structuredContent: { name: "quadruple", version: 1, use: "await skills.quadruple(args)" },
  });
  expect((await call("list_skills", { tags: ["math"] })).structuredContent).toMatchObject({
    skills: [{ name: "quadruple", signature: expect.stringContaining("n: number") }],
    total: 1,
  });
  expect(
    (await call("search_skills", { query: "multiply by four" })).structuredContent,
  ).toMatchObject({ total: 1 });
  expect((await call("get_skill", { name: "quadruple" })).structuredContent).toMatchObject({
    skill: { source: expect.stringContaining("math.double"), parameters: { required: ["n"] } },
  });
  expect((await call("load_skill", { skill_name: "quadruple" })).structuredContent).toMatchObject({
    instructions: expect.stringContaining("await skills.quadruple(args)"),
  });
  expect(await call("run_skill", { name: "quadruple", arguments: { n: 3 } })).toMatchObject({
    isError: false,
    structuredContent: {
      success: true,
      output: 12,
      stdout: "twice 3\n",
      execution_ok: true,
      exit_code: 0,
      calls: { "math.double": 2 },
    },
  });
  expect(
    (await call("create_skill_version", { name: "quadruple", description: "Four times as much." }))
      .structuredContent,
  ).toMatchObject({ version: 2, description: "Four times as much." });
  expect(
    (await call("create_skill_version", { name: "quadruple", from_version: 1 })).structuredContent,
  ).toMatchObject({ version: 3, description: "Multiplies by four." });
  expect(
    (await call("list_skill_versions", { name: "quadruple" })).structuredContent["versions"],
  ).toHaveLength(3);
  expect((await call("discover_skills", {})).structuredContent).toEqual({
    skills: { store: ["quadruple"] },
    total: 1,
  });
  expect((await call("delete_skill", { name: "quadruple" })).structuredContent).toEqual({
    name: "quadruple",
    deleted: true,
  });
  expect(await call("get_skill", { name: "quadruple" })).toMatchObject({
    isError: true,
    structuredContent: { error: { code: "SKILL_NOT_FOUND" } },
  });
});

test("a run that fails says how, in one shape", async () => {
  await call("save_skill", {
    name: "broken",
    code: "/** Fails. */\n\nexport function broken(n: number): never { throw new TypeError('bad ' + n); }",
  });
  const broken = await call("run_skill", { name: "broken", arguments: { n: 1 } });
  const misused = await call("run_skill", { name: "broken" });
  const missing = await call("run_skill", { skill_name: "brokn", args: {} });
  const lost = await call("run_skill", { name: "broken", session: "nowhere" });

  expect(broken).toMatchObject({
    isError: true,
    structuredContent: {
      success: false,
      execution_ok: true,
      code_error: {
        name: "TypeError",
        value: "bad 1",
        traceback: expect.stringContaining("skills/broken:3:"),
      },
      exit_code: 1,
    },
  });
  expect(misused.structuredContent).toMatchObject({
    exit_code: 2,
    root_error_code: "INVALID_ARGUMENTS",
    recovery_hint: expect.stringContaining("load_skill"),
  });
  expect(missing.structuredContent).toMatchObject({
    execution_ok: false,
    root_error_code: "SKILL_NOT_FOUND",
    error: expect.stringContaining("broken"),
  });
  expect(lost.structuredContent).toMatchObject({
    success: false,
    execution_ok: false,
    root_error_code: "SESSION_NOT_FOUND",
  });
});

test("what a model gives as arguments never becomes code", async () => {
  await call("save_skill", {
    name: "echo",
    code: "/** Echoes. */\nexport const echo = (text: string) => text;",
  });
  const text = '"}); throw new Error("ran"); ({"\u2028` ${1}';

  const result = await call("run_skill", { name: "echo", arguments: { text } });

  expect(result.structuredContent).toMatchObject({ success: true, output: text });
});

test("skills are mentioned where there are some", async () => {
  expect((await call("list_servers", {})).structuredContent).not.toHaveProperty("skills");
  expect((await call("search_tools", { query: "quadruple" })).structuredContent).not.toHaveProperty(
    "skills",
  );

  await call("save_skill", { name: "quadruple", code: QUADRUPLE });

  expect((await call("list_servers", {})).structuredContent).toMatchObject({
    skills: { count: 1 },
  });
  expect(
    (await call("search_tools", { query: "quadruple a number" })).structuredContent,
  ).toMatchObject({
    skills: [{ call: "skills.quadruple", summary: "Multiplies by four." }],
  });
  expect(serverInstructions(session)).toContain("skills.create(");
  const without = createSession({ registry, sandbox });
  expect(serverInstructions(without)).not.toContain("skill");
});
