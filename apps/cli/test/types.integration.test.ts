import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { codemode, folder, json, main, withMemory, withServers, useFolder } from "./command.ts";

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
    // As a program has it that `codemode run` takes.
    'import { read_graph as imported } from "generated/servers/memory";',
    'import { open_nodes as older } from "generated/mcp/memory";',
    "const { entities } = await tools.memory.read_graph();",
    "await artifacts.save('graph', [await imported(), await older({ names: [] }), entities]);",
    "const [hit] = (await tools.search('graph')).matches;",
    "export const texts: string[] = [__interfaces, hit?.signature ?? '', ...(await tools.list())];",
    "// @ts-expect-error -- a list is asked for",
    "await tools.memory.open_nodes({ names: 1 });",
    "// @ts-expect-error -- there is no such tool",
    "await older.nothing();",
  ];
  await writeFile(join(folder.path, "use.mts"), use.join("\n"));
  const flags = "--noEmit --strict --target esnext --module nodenext --allowImportingTsExtensions";
  const files = [
    "use.mts",
    ...["globals", "guest", "helpers", "modules", "skills"].map((name) => `generated/${name}.d.ts`),
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

test("each line of a batch is answered as it comes, under its own id whatever is wrong with it", async () => {
  const child = spawn(process.execPath, [main, "schema", "--batch"]);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (line: string): Promise<unknown> => {
    child.stdin.write(line);
    const { value } = await answers.next();
    return JSON.parse(String(value));
  };

  expect(await answer('{"id":1,"schema":{"type":"string"}}\n')).toEqual({
    id: 1,
    ts: "type T = string;\n",
  });
  expect(await answer('\n{"id":2}\r\n')).toEqual({ id: 2, error: 'The line has no "schema".' });
  expect(await answer('{"id":[3],"schema":7}\n')).toEqual({
    id: [3],
    error: "A JSON Schema is an object or a boolean.",
  });
  child.stdin.end('{"id":4,"schema":true}');
  expect(await answers.next()).toMatchObject({ value: '{"id":4,"ts":"type T = unknown;\\n"}' });
});

test("a reader that has read enough ends the command without a word", async () => {
  const lines = '{"id":1,"schema":true}\n'.repeat(50_000);
  const child = spawn(process.execPath, [main, "schema", "--batch"]);
  const ended = once(child, "close");
  const said = text(child.stderr);
  child.stdin.on("error", () => undefined).end(lines);
  await once(child.stdout, "data");
  child.stdout.destroy();

  expect(await ended).toEqual([0, null]);
  expect(await said).toBe("");
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
