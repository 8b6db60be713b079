import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { expect, test, vi } from "vitest";

import {
  codemode,
  folder,
  json,
  main,
  memory,
  useFolder,
  withMemory,
  withServers,
} from "./command.ts";

useFolder();

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

test("--version prints the version", async () => {
  expect(await codemode(["--version"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
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

test("init writes no config that would be read in the place of one that is there", async () => {
  await writeFile(join(folder.path, "codemode.config.json"), "{");

  const outcome = await codemode(["init"]);

  expect(outcome).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("codemode.config.json is there already"),
  });
  expect(existsSync(join(folder.path, "codemode.config.jsonc"))).toBe(false);
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
