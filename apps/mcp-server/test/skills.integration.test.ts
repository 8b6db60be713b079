import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-skills-"));
});
afterEach(() => rm(cwd, { recursive: true }));

/** A server process of this folder with this config, and its client. */
async function connect(config: object): Promise<Client> {
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify(config));
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main], cwd }));
  return client;
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<unknown> {
  return (await client.callTool({ name, arguments: args })).structuredContent;
}

const GREET =
  "/** Greets someone by name. */\nexport function greet(name: string): string { return `Hello ${name}`; }";

test("what one process saved, another runs, over MCP and in programs", async () => {
  const first = await connect({ skills: true });
  try {
    expect(await call(first, "save_skill", { name: "greet", code: GREET })).toMatchObject({
      name: "greet",
      version: 1,
    });
  } finally {
    await first.close();
  }
  expect(await readFile(join(cwd, "skills", "greet.ts"), "utf8")).toContain("Greets someone");

  const second = await connect({ skills: true });
  try {
    expect(
      await call(second, "run_skill", { name: "greet", arguments: { name: "you" } }),
    ).toMatchObject({ success: true, output: "Hello you" });
    const code =
      'import { greet } from "skills/greet"; [greet("a"), await skills.greet({ name: "b" })]';
    expect(await call(second, "execute_code", { code })).toMatchObject({
      result: ["Hello a", "Hello b"],
    });
    expect(await call(second, "search_skills", { query: "greet someone" })).toMatchObject({
      skills: [{ name: "greet" }],
    });
    expect(second.getInstructions()).toContain("skills.create(");
  } finally {
    await second.close();
  }
});

const names = async (config: object): Promise<readonly string[]> => {
  const client = await connect(config);
  try {
    return (await client.listTools()).tools.map(({ name }) => name);
  } finally {
    await client.close();
  }
};

test("the config decides which tools there are", async () => {
  const byDefault = await names({});
  const skillsOnly = await names({ codemode: false, skills: true });
  const none = await names({ skills: false });

  expect(byDefault).toContain("execute_code");
  expect(byDefault).not.toContain("save_skill");
  expect(skillsOnly).toContain("run_skill");
  expect(skillsOnly).not.toContain("execute_code");
  expect(none).toEqual(byDefault);
});

test("programs have skills unless the config says no", async () => {
  const withSkills = await connect({});
  const kind = await call(withSkills, "execute_code", { code: "typeof skills" });
  await withSkills.close();
  const without = await connect({ skills: false });
  const absent = await call(without, "execute_code", { code: "await skills.greet()" });
  const instructions = without.getInstructions();
  await without.close();

  expect(kind).toMatchObject({ result: "object" });
  expect(absent).toMatchObject({ ok: false, error: { message: "skills is not defined" } });
  expect(instructions).not.toContain("skill");
});
