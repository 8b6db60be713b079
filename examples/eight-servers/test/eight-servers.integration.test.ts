import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { BoundTool } from "@codemode/core";
import { createToolset } from "@codemode/toolset";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Example } from "../src/open-example.ts";
import { openExample } from "../src/open-example.ts";
import { definitionTokens } from "../src/token-costs.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const program = await readFile(new URL("../program.ts", import.meta.url), "utf8");

// Names that a server must have; there may be more.
const KNOWN_TOOLS = {
  chart: ["generate_pie_chart", "generate_word_cloud_chart"],
  everything: ["get-sum", "get-tiny-image", "prompts.get", "resources.read"],
  filesystem: ["directory_tree", "write_file"],
  git: ["git_commit", "git_init", "prompts.list", "resources.list"],
  gitlab: ["create_issue", "get_file_contents"],
  memory: ["create_entities", "search_nodes"],
  notion: ["API-get-self", "API-post-search"],
  "sequential-thinking": ["sequentialthinking"],
};

let example: Example;
beforeAll(async () => {
  example = await openExample({ broken: { command: process.execPath, args: ["no-such-file.js"] } });
});
afterAll(() => example[Symbol.asyncDispose]());

test("a server that does not start is named with its next step, and the eight others work", () => {
  const { servers } = example.codemode;

  const failed = servers.filter(({ status }) => status === "failed");

  expect(failed).toMatchObject([
    { name: "broken", error: { message: expect.stringContaining('Check its "command"') } },
  ]);
  expect(servers.filter(({ status }) => status === "connected").map(({ name }) => name)).toEqual(
    expect.arrayContaining(Object.keys(KNOWN_TOOLS)),
  );
});

test("every tool is listed under its own name", () => {
  const { registry } = example.codemode.session;

  const names = new Set(registry.listNames({ limit: 1_000, includeDeferred: true }).names);

  for (const [server, tools] of Object.entries(KNOWN_TOOLS))
    for (const tool of tools) expect(names).toContain(`${server}.${tool}`);
  expect(names.size).toBeGreaterThan(130);
});

test("what a server tells wrong about its tools is repaired and said", () => {
  const told = example.codemode.servers
    .flatMap(({ diagnostics }) => diagnostics)
    .map(({ code, message }) => `${code} ${/"(\w+)/.exec(message)?.[1]}`);

  // Each of that server's nine schemas comes without a type.
  expect(told.filter((text) => text === "TOOL_REPAIRED gitlab")).toHaveLength(9);
  expect(told.filter((text) => text !== "TOOL_REPAIRED gitlab")).toEqual([
    "TOOL_DROPPED everything",
  ]);
});

test("a program reaches every tool by its identifier and by its own name", async () => {
  const { registry } = example.codemode.session;
  const paths = registry
    .bindings()
    .flatMap(({ identifier, tools }) =>
      tools.flatMap((tool) => spellings(tool).map((name) => `${identifier}.${name}`)),
    );
  const names = registry.listNames({ limit: 1_000, includeDeferred: true }).names;

  const result = await example.codemode.session.execute(`
    const functions = [${paths.join(", ")}];
    const { length } = await tools.list();
    return { functions: functions.filter((one) => typeof one === "function").length, length };
  `);

  expect(result).toMatchObject({ ok: true, value: { functions: paths.length } });
  expect(paths.length).toBeGreaterThanOrEqual(names.length);
});

function spellings({ identifier, path }: BoundTool): readonly string[] {
  return path === undefined ? [identifier] : [identifier, path];
}

test("what `codemode generate` writes compiles, and the program type-checks against it", async () => {
  const { folder, env } = example;
  const generated = await run(bin("codemode"), ["generate"], { cwd: folder, env }).catch(
    (error: unknown) => error,
  );
  await writeFile(join(folder, "main.ts"), `export async function main() {\n${program}\n}\n`);
  const compilerOptions = { noEmit: true, strict: true, target: "es2025", types: [] };
  const config = { compilerOptions, include: ["main.ts", "generated/**/*.d.ts"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));

  const outcome = await run(bin("tsc"), ["-p", folder]).catch((error: unknown) => error);

  expect(outcome).toMatchObject({ stdout: "" });
  // The server that does not start is told in the exit code.
  expect(generated).toMatchObject({ code: 3, stdout: expect.stringContaining("servers/git/") });
  const files = await readFile(join(folder, "generated/globals.d.ts"), "utf8");
  for (const server of Object.keys(KNOWN_TOOLS))
    expect(files).toContain(`namespace ${server.replace("-", "_")} `);
});

test("one program works with all eight, and no token reaches it", async () => {
  const { codemode, backend } = example;

  const result = await codemode.session.execute(program);

  expect(result.ok ? undefined : result.error).toBeUndefined();
  expect(result).toMatchObject({
    ok: true,
    value: {
      by: "Release bot",
      steps: 2,
      sum: "The sum of 2 and 1 is 3.",
      thoughts: 1,
      committed: true,
      remembered: ["plan"],
      picture: "https://charts.example.org/1.png",
    },
  });
  expect(new Set(result.calls.map(({ tool }) => tool.split(".")[0]))).toEqual(
    new Set(Object.keys(KNOWN_TOOLS)),
  );
  expect(backend.requests).toEqual(
    expect.arrayContaining([
      expect.stringContaining("Bearer gitlab-example"),
      expect.stringContaining("Bearer notion-example"),
    ]),
  );
  expect(JSON.stringify(result)).not.toContain("-example");
});

test("the model is sent less than a twentieth of what the servers' own definitions take", () => {
  const { session } = example.codemode;
  const direct = definitionTokens(session.registry.list({ includeDeferred: true }));

  const codeMode = definitionTokens(createToolset({ session }).tools);

  expect(direct).toBeGreaterThan(40_000);
  expect(codeMode).toBeLessThan(direct / 20);
});
