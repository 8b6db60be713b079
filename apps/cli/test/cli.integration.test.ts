import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { expect, test, vi } from "vitest";

import {
  codemode,
  codemodeHere,
  folder,
  json,
  main,
  memory,
  withMemory,
  withServers,
  useFolder,
} from "./command.ts";

useFolder();
test("a program runs without any config", async () => {
  const outcome = await codemode(["run", "-c", "return 1+1", "--json"]);

  expect(outcome.code).toBe(0);
  expect(json(outcome)).toMatchObject({ ok: true, value: 2 });
});

test("programs follow each other in one session; the value goes to standard output, logs beside it", async () => {
  await writeFile(join(folder.path, "first.ts"), "const x: number = 41; console.log('set');");

  const outcome = await codemode(["run", "first.ts", "-c", "x + 1"]);

  expect(outcome).toEqual({ code: 0, stdout: "42\n", stderr: "set\n" });
});

test("a program comes from standard input", async () => {
  expect(await codemode(["run", "-"], "({ a: [1] })")).toMatchObject({
    code: 0,
    stdout: '{\n  "a": [\n    1\n  ]\n}\n',
  });
});

test("a program of which nothing comes is told of, beside an empty output", async () => {
  const [silent, logging, asJson] = await Promise.all([
    codemode(["run", "-c", "const x = 1;"]),
    codemode(["run", "-c", "console.log('hi');"]),
    codemode(["run", "-c", "const x = 1;", "--json"]),
  ]);

  expect(silent).toMatchObject({ code: 0, stdout: "" });
  expect(silent.stderr).toContain("gave no value: end it with an expression or a return");
  expect(logging).toEqual({ code: 0, stdout: "", stderr: "hi\n" });
  expect(asJson.stderr).toBe("");
});

test.runIf(process.platform === "linux")(
  "a folder for types that cannot be made is an error, not a wait without end",
  async () => {
    await withMemory();

    const outcome = await codemode(["generate", "--out", "/proc/codemode"]);

    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toContain("cannot be written (ENOENT). Name another folder with --out");
  },
);

test("a tool is found, described, called, and called by a program", async () => {
  await withMemory();

  const [names, found, described, called, ran, servers] = await Promise.all([
    codemode(["tools", "--json"]),
    codemode(["search", "create", "entities", "--limit", "1"]),
    codemode(["describe", "memory.create_entities"]),
    codemode(["call", "memory.search_nodes", "query=nothing", "--json"]),
    codemode(["run", "-c", "(await memory.read_graph()).entities.length"]),
    codemode(["servers", "--json"]),
  ]);

  expect(json(names)).toMatchObject({ names: expect.arrayContaining(["memory.read_graph"]) });
  expect(found.stdout).toContain("memory.create_entities(input: { entities: { name: string;");
  expect(described.stdout).toContain("function create_entities(input: ");
  expect(json(called)).toMatchObject({ ok: true, value: { entities: [] } });
  expect(ran).toMatchObject({ code: 0, stdout: "0\n" });
  expect(json(servers)).toMatchObject({ servers: [{ name: "memory", status: "connected" }] });
});

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
    ["run", "-c", "const a = []; for (;;) a.push('x'.repeat(1000) + a.length)"],
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

test("a server that cannot start is told, and the others work", async () => {
  await withServers({
    ghost: { command: "no-such-command" },
    web: { url: "http://127.0.0.1:6/mcp" },
    memory: {
      command: process.execPath,
      args: [memory],
      env: { MEMORY_FILE_PATH: join(folder.path, "m.jsonl") },
    },
  });

  const [servers, ran, called, doctor] = await Promise.all([
    codemode(["servers"]),
    codemode(["run", "-c", "(await memory.read_graph()).entities.length", "--json"]),
    codemode(["call", "ghost.x"]),
    codemode(["doctor", "--json"]),
  ]);

  expect(servers).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('command "no-such-command" was not found'),
  });
  expect(json(ran)).toMatchObject({ ok: true, value: 0 });
  expect(called).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('server "ghost" failed'),
  });
  expect(doctor.code).toBe(3);
  expect(json(doctor)).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([expect.objectContaining({ name: "server web", ok: false })]),
  });
});

test("a flood of logs is cut, and the value stands", async () => {
  const outcome = await codemode([
    "run",
    "-c",
    "for (let i = 0; i < 1e5; i++) console.log('x'.repeat(100)); 'done'",
    "--json",
  ]);

  expect(json(outcome)).toMatchObject({
    ok: true,
    value: "done",
    warnings: [{ code: "LOGS_TRUNCATED" }],
  });
});

test("what a program prints cannot steer the terminal", async () => {
  const outcome = await codemode([
    "run",
    "-c",
    String.raw`console.log("\u001b[2Jgone"); "\u001b]0;title\u0007"`,
  ]);

  expect(outcome.stdout + outcome.stderr).not.toContain("\u001b");
});

test("--version prints the version", async () => {
  expect(await codemode(["--version"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test("standard input is one program", async () => {
  expect(await codemode(["run", "-", "-"], "return 1")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('give "-" once'),
  });
});

test("a server nobody knows is a wrong usage", async () => {
  await withMemory();

  expect(await codemode(["tools", "--server", "memroy"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "memory"?'),
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the servers that were started",
  async (signal) => {
    const pidFile = join(folder.path, "pid");
    const source = `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`;
    await withServers({ silent: { command: process.execPath, args: ["-e", source] } });
    const child = spawn(process.execPath, [main, "tools"], { cwd: folder.path, stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const pid = await vi.waitFor(async () => {
      const found = Number(await readFile(pidFile, "utf8"));
      expect(found).toBeGreaterThan(0);
      return found;
    }, 30_000);

    child.kill(signal);

    expect(await ended).toBe(signal === "SIGINT" ? 130 : 143);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), 30_000);
  },
);

test("a config is written once, is valid, and has a tool that works at once", async () => {
  const first = await codemode(["init"]);
  const second = await codemode(["init"]);
  const [doctor, called, ran] = await Promise.all([
    codemode(["doctor"]),
    codemode(["call", "versions.versions", "--json"]),
    codemode(["run", "-c", "(await versions.versions()).node"]),
  ]);

  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("wrote codemode.config.jsonc"),
  });
  expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining("is there already") });
  expect(doctor).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("config: codemode.config.jsonc"),
  });
  expect(json(called)).toMatchObject({ ok: true, value: { node: expect.any(String) } });
  expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+/), stderr: "" });
  expect(doctor.stdout).toContain("1 tool,");
});

test("help loads no backend", async () => {
  const child = spawn(
    process.execPath,
    [
      "--import",
      `data:text/javascript,process.on("exit",()=>{const m=process.getBuiltinModule("module");process.stderr.write(String(Object.keys(m._cache).length))})`,
      main,
      "--help",
    ],
    { cwd: folder.path, stdio: "pipe", env: { ...process.env, NODE_DEBUG: "esm" } },
  );
  const ended = new Promise((resolve) => child.on("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended]);

  expect(stdout).toContain("Commands:");
  expect(stderr).not.toMatch(/sandbox-isolated-vm|adapter-mcp|modelcontextprotocol/);
});
