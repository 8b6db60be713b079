import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { codemode, folder, json, withMemory, withServers, useFolder } from "./command.ts";

useFolder();
const tsc = fileURLToPath(new URL("../../../node_modules/.bin/tsc", import.meta.url));

test("modules are written for editors, and those of servers that are gone are taken away", async () => {
  await withMemory();
  const first = await codemode(["generate"]);
  const module = await readFile(join(folder.path, "generated/servers/memory/index.d.ts"), "utf8");
  const helpers = await readFile(join(folder.path, "generated/helpers.d.ts"), "utf8");
  const skills = await readFile(join(folder.path, "generated/skills.d.ts"), "utf8");
  await withServers({});

  const second = await codemode(["generate", "--json"]);

  expect(first.stdout).toContain("wrote generated/servers/memory/index.d.ts");
  expect(helpers).toContain('declare module "codemode/helpers"');
  expect(skills).toContain("export function run_skill(");
  expect(module).toContain("export declare const create_entities: Tool<[input: ");
  expect(json(second)).toMatchObject({
    removed: expect.arrayContaining(["generated/servers/memory"]),
  });
  expect(await readdir(join(folder.path, "generated/servers"))).toEqual([]);
});

test("what is generated compiles, calls through it are checked", async () => {
  await withMemory();
  await codemode(["generate"]);
  const use = [
    'import { read_graph, open_nodes } from "./generated/servers/memory/index.ts";',
    "export const found = [(await read_graph()).entities, await open_nodes({ names: ['a'] })];",
    "// @ts-expect-error -- a list is asked for",
    "await open_nodes({ names: 1 });",
  ];
  await writeFile(join(folder.path, "use.mts"), use.join("\n"));
  const flags = "--noEmit --strict --target esnext --module nodenext --allowImportingTsExtensions";
  const files = [
    "use.mts",
    ...["globals", "helpers", "skills"].map((name) => `generated/${name}.d.ts`),
  ];

  const compiled = spawnSync(tsc, [...flags.split(" "), ...files], {
    cwd: folder.path,
    encoding: "utf8",
  });

  expect(compiled.stdout).toBe("");
  expect(compiled.status).toBe(0);
});

test("a schema becomes a type, one or many at a time", async () => {
  const one = await codemode(["schema"], '{"type":"array","items":{"enum":["a","b"]}}');
  const many = await codemode(
    ["schema", "--batch", "--profile", "input"],
    '{"id":1,"schema":{"const":"\u2028"}}\nnonsense\n{"id":"x","schema":true}\n',
  );

  expect(one).toMatchObject({ code: 0, stdout: 'type T = ("a" | "b")[];\n' });
  expect(many.stdout.trimEnd().split(/[\n\u2028]/)).toHaveLength(3);
  expect(many.stdout).toContain('{"id":"x","ts":"type T = unknown;\\n"}');
});

test("--json gives a schema's type, and wrong usage, as a document", async () => {
  const schema = await codemode(["schema", "--json"], '{"type":"string"}');
  const option = await codemode(["run", "--nope", "--json"]);
  const number = await codemode(["run", "--timeout", "soon", "-c", "1", "--json"]);
  const none = await codemode(["--json"]);

  expect(json(schema)).toMatchObject({ ts: "type T = string;\n" });
  for (const outcome of [option, number, none]) {
    expect(outcome.code).toBe(2);
    expect(json(outcome)).toMatchObject({ ok: false, error: { code: "INVALID_ARGUMENTS" } });
  }
});

test("a folder that cannot be written is told", async () => {
  await withMemory();
  await writeFile(join(folder.path, "occupied"), "a file");

  const outcome = await codemode(["generate", "--out", "occupied", "--json"]);

  expect(outcome.code).toBe(2);
  expect(json(outcome)).toMatchObject({
    error: { code: "CONFIG_INVALID", message: expect.stringContaining("Name another folder") },
  });
});
