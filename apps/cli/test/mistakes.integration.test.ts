import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { codemode, codemodeHere, folder, json, useFolder, withMemory } from "./command.ts";

useFolder();

test.runIf(process.platform === "linux")(
  "a folder for types that cannot be made is an error, not a wait without end",
  async () => {
    await withMemory();

    const outcome = await codemode(["generate", "--out", "/proc/codemode"]);

    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toContain("cannot be written (ENOENT). Name another folder with --out");
  },
);

test.each<readonly [title: string, args: readonly string[], code: number, message: string]>([
  ["broken code", ["run", "-c", "const a = ;"], 1, "> 1 | const a = ;"],
  [
    "an endless loop",
    ["run", "--timeout", "0.3", "-c", "for (;;);"],
    1,
    "did not end within 300 ms",
  ],
  [
    "a memory bomb",
    ["run", "-c", "const a = []; for (;;) a.push(new Array(1e5).fill(a.length))"],
    1,
    "more memory than its limit",
  ],
  [
    "a value that is no JSON",
    ["run", "-c", "const a = {}; a.self = a; a"],
    1,
    "value.self is a part of itself",
  ],
  ["a thrown error", ["run", "-c", "\nnull.x"], 1, "TypeError: Cannot read properties of null"],
  ["an unknown name", ["run", "-c", "fs.read()"], 1, "fs is not defined"],
  ["a name with no servers", ["run", "-c", "fs.read()"], 1, "call a tool that reads"],
  ["a server with no servers", ["run", "-c", "web.get()"], 1, "No servers are configured"],
  ["a member that is not there", ["run", "-c", "artifacts.sav(1)"], 1, 'Did you mean "save"?'],
  ["an unknown tool", ["call", "nothing.here"], 2, "no servers are configured"],
  ["a folder as a program", ["run", "."], 2, '"." cannot be read: it is a folder'],
  ["a folder as a config", ["servers", "--config", "."], 2, '"." is a folder. Give the file in it'],
  [
    "a version in the wrong place",
    ["artifacts", "get", "a", "--version", "2"],
    2,
    "--at <version>",
  ],
  ["a wrong pair", ["call", "a.b", "oops"], 2, '"oops" is no key=value pair'],
  ["a missing file", ["run", "gone.ts"], 2, '"gone.ts" cannot be read'],
  ["an unknown command", ["rnu"], 2, "Did you mean"],
  ["an unknown option", ["run", "--jsn"], 2, "unknown option"],
  ["an unknown variant", ["run", "--sandbox", "dokcer", "-c", "1"], 2, "There is: isolated-vm"],
  ["an unknown session", ["run", "--session", "x", "-c", "1"], 2, 'There is no session "x"'],
  ["a missing config", ["run", "--config", "gone.json", "-c", "1"], 2, "There is no config file"],
])("%s gives one error that says what to do", async (_title, args, ...expected) => {
  const [code, message] = expected;

  // A wrong usage starts nothing, and ends as each of them does.
  const outcome = await (code === 2 ? codemodeHere(args) : codemode(args));

  expect(outcome.stderr).toContain(message);
  expect(outcome).toMatchObject({ code, stdout: "" });
});

test("a config in a folder above is told and not used", async () => {
  await withMemory();
  const below = join(folder.path, "src", "deep");
  await mkdir(below, { recursive: true });
  folder.path = below;

  const outcome = await codemode(["servers"]);
  folder.path = join(below, "../..");

  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining("no config here") });
  expect(outcome.stderr).toContain('"../../codemode.config.json" is not used.');
});

test("arguments that are texts stay texts, and wrong ones are told with the right ones", async () => {
  await withMemory();

  const [number, wrong, server] = await Promise.all([
    codemode(["call", "memory.search_nodes", "query=42", "--json"]),
    codemode(["call", "memory.search_nodes", "qeury=42"]),
    codemode(["call", "memory"]),
  ]);

  expect(json(number)).toMatchObject({ ok: true, value: { entities: [] } });
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("Call it as: memory.search_nodes(input: { query: string })");
  expect(server).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"memory" is a server, not a tool. Its tools: memory.'),
  });
});

test("a wrong key and an unset variable are named with their lines, as JSON where asked", async () => {
  await writeFile(join(folder.path, "codemode.config.jsonc"), '{\n "sandbox_varaint": "x"\n}');
  await writeFile(
    join(folder.path, "unset.jsonc"),
    '{ "mcpServers": { "a": { "command": "${GHOST_COMMAND}" } } }',
  );

  const key = await codemode(["tools"]);
  const unset = await codemode(["tools", "--config", "unset.jsonc", "--json"]);

  expect(key).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'codemode.config.jsonc:2: sandbox_varaint: is no key here. Did you mean "sandbox_variant"?',
    ),
  });
  expect(unset.code).toBe(2);
  expect(json(unset)).toMatchObject({
    ok: false,
    error: { code: "VARIABLE_UNSET", message: expect.stringContaining("GHOST_COMMAND") },
  });
});

test("a server nobody knows is a wrong usage", async () => {
  await withMemory();

  expect(await codemode(["tools", "--server", "memroy"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "memory"?'),
  });
});
