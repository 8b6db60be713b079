import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { beforeEach, expect, test } from "vitest";

import { codemode, codemodeHere, folder, json, main, useFolder } from "./command.ts";

useFolder();
const run = promisify(execFile);

beforeEach(() => writeFile(join(folder.path, "codemode.config.json"), "{}"));

function inFolder(name: string): string {
  return join(folder.path, name);
}

test("a file goes in, is listed, comes out byte by byte, and is deleted", async () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
  await writeFile(inFolder("data.bin"), bytes);

  const put = await codemode(["artifacts", "put", "data.bin", "--description", "All bytes"]);
  const listed = await codemode(["artifacts", "list", "--json"]);
  const got = await codemode(["artifacts", "get", "data.bin", "-o", "copy.bin"]);
  const removed = await codemode(["artifacts", "rm", "data.bin"]);
  const again = await codemode(["artifacts", "rm", "data.bin"]);

  expect(put).toMatchObject({
    code: 0,
    stdout: "data.bin  v1  70000 bytes  application/octet-stream\n",
  });
  expect(json(listed)).toMatchObject({
    artifacts: [{ name: "data.bin", version: 1, size: 70_000, description: "All bytes" }],
  });
  expect(got.code).toBe(0);
  expect(bytes.equals(await readFile(inFolder("copy.bin")))).toBe(true);
  expect(removed.code).toBe(0);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('"data.bin"') });
  expect((await readdir(folder.path)).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("standard input is saved, versions stay, and what a program saved is read", async () => {
  await codemodeHere(["artifacts", "put", "-", "--name", "a.json", "--ttl", "600"], '{"a":1}');
  const second = await codemode(["artifacts", "put", "-", "--name", "a.json", "--json"], '{"a":2}');

  const ran = await codemode([
    "run",
    "--json",
    "-c",
    'const { a } = await artifacts.load("a.json"); await artifacts.save("b.txt", "from a program"); a',
  ]);
  const old = await codemode(["artifacts", "get", "a.json", "--at", "1"]);
  const text = await codemode(["artifacts", "get", "b.txt", "--json"]);

  expect(json(second)).toMatchObject({
    name: "a.json",
    version: 2,
    contentType: "application/json",
  });
  expect(json(ran)).toMatchObject({ ok: true, value: 2 });
  expect(old.stdout).toBe('{"a":1}');
  expect(json(text)).toMatchObject({ name: "b.txt", text: "from a program" });
});

test("a pipe that closes early is no failure", async () => {
  await writeFile(inFolder("big.txt"), "line\n".repeat(400_000));
  await codemodeHere(["artifacts", "put", "big.txt"]);

  const { stdout, stderr } = await run(
    "sh",
    ["-c", '"$0" "$1" artifacts get big.txt | head -n 1', process.execPath, main],
    { cwd: folder.path },
  );

  expect([stdout, stderr]).toEqual(["line\n", ""]);
});

test.each([
  [["get", "none"], 2, 'There is no artifact "none". There are no artifacts yet.'],
  [["get"], 2, "codemode [command] --help"],
  [["rm", "none"], 2, "codemode artifacts list"],
  [["put", "none.txt"], 2, "There is no file"],
  [["put", "."], 2, "This is no file"],
  [["put", "-"], 2, "--name"],
  [["put", "codemode.config.json", "--name", "a\nb"], 2, "control characters"],
  [["put", "codemode.config.json", "--ttl", "soon"], 2, "number of seconds"],
  [["put", "codemode.config.json", "--type", "nonsense"], 2, "media type"],
  [["nonsense"], 2, "unknown command"],
])("artifacts %j ends with %i and says why", async (args, code, words) => {
  const outcome = await codemodeHere(["artifacts", ...args]);

  expect(outcome).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(words) });
});

test("where nothing would last, the command says how it would", async () => {
  await writeFile(inFolder("codemode.config.json"), '{ "storage": { "type": "memory" } }');

  const outcome = await codemodeHere(["artifacts", "put", "codemode.config.json"]);

  expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('"type": "file"') });
});
