import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { codemode, folder, json, useFolder } from "./command.ts";

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

test("a flood of logs is cut, and the value stands", async () => {
  const outcome = await codemode([
    "run",
    "-c",
    "for (let i = 0; i < 2e4; i++) console.log('x'.repeat(100)); 'done'",
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

test("standard input is one program", async () => {
  expect(await codemode(["run", "-", "-"], "return 1")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('give "-" once'),
  });
});
