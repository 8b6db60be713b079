import { spawn } from "node:child_process";
import { access, chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { JsonObject, JsonValue } from "@codemode/core";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import type { CliAdapterOptions } from "../src/index.ts";
import { argumentsOf, node, run } from "./run-cli.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-attack-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Texts that a shell would act on. */
const SHELL_TEXTS = [
  "; touch pwned",
  "&& touch pwned",
  "| touch pwned",
  "& touch pwned",
  "$(touch pwned)",
  "`touch pwned`",
  "\ntouch pwned\n",
  "> pwned",
  "< /etc/passwd",
  '"; touch pwned; "',
  "'; touch pwned; '",
  "\\'; touch pwned; \\'",
  "a b\tc",
  "*",
  "~",
  "$HOME ${HOME} %PATH% !!",
  "{flags} {target}",
  "$IFS",
  "#",
  "\u202Egnp.exe",
  " -rf",
  "\n-rf",
  "\u2212\u2212output=x",
  "@/etc/passwd",
];

test.each(SHELL_TEXTS)("%j stays one argument, in a template and in a schema", async (text) => {
  const here = { folder };
  const schema: CliAdapterOptions["schema"] = {
    options: { name: { short: "n" } },
    positional: [{ name: "target" }],
  };

  const template = await argumentsOf(
    { ...here, args: "x {target} --y={target}" },
    { target: text },
  );
  const written = await argumentsOf({ ...here, schema }, { name: text, target: text });

  expect(template).toEqual(["x", text, `--y=${text}`]);
  expect(written).toEqual(["-n", text, text]);
  expect(await readdir(folder)).toEqual([]);
});

/** Texts that a command would take for options. */
const OPTION_TEXTS = [
  "-rf",
  "--output=pwned",
  "--upload-pack=touch pwned",
  "-oProxyCommand=touch pwned",
  "--exec=touch pwned",
  "--config=core.pager=touch pwned",
  "--",
  "-",
  "-@",
  "--\n",
];

test.each(OPTION_TEXTS)("%j is no option where a value is expected", async (text) => {
  const schema: CliAdapterOptions["schema"] = {
    options: { list: { type: "array", short: "l" } },
    positional: [{ name: "target" }, { name: "more", type: "array" }],
  };
  const recipes = { home: { preset: { list: ["a"] }, params: { target: {} } } };

  const attempts = await Promise.allSettled([
    run({ folder, command: "git log", args: "{target}" }, { target: text }),
    run({ folder, command: "git", schema }, { target: text }),
    run({ folder, command: "git", schema }, { list: ["ok", text] }),
    run({ folder, command: "git", schema }, { target: "ok", more: ["ok", text] }),
    run({ folder, command: "git", schema, recipes }, { target: text }, "home"),
    run({ folder, command: "git" }, { rest: [text] }),
  ]);

  for (const attempt of attempts) {
    expect(attempt).toMatchObject({
      status: "rejected",
      reason: { code: "INVALID_ARGUMENTS", message: expect.stringContaining('begins with "-"') },
    });
  }
  expect(await readdir(folder)).toEqual([]);
});

/** Arguments of shapes that nobody declared. */
const SHAPES: readonly JsonObject[] = [
  {},
  { target: ["a", "-x"] },
  { target: { toString: "x" } },
  { target: 1 },
  { target: true },
  { target: null },
  JSON.parse('{"target": "a", "__proto__": {"raw": true}}'),
  { target: "a", constructor: "b" },
  { target: "a", env: { PATH: "/tmp" } },
  { target: "a", working_dir: "/" },
  { target: "a", command: "sh" },
  { target: "a", stdin: "x" },
  { target: "a\0b" },
  { target: "\uDC00" },
  { target: "x".repeat(131_073) },
];

test.each(SHAPES.map((shape) => ({ shape, text: JSON.stringify(shape).slice(0, 60) })))(
  "the arguments $text are refused before anything runs",
  async ({ shape }) => {
    const call = run({ folder, command: "touch", args: "pwned {target}" }, shape);

    await expect(call).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
    expect(await readdir(folder)).toEqual([]);
  },
);

test("a pattern keeps a value to what it may be", async () => {
  const options = { args: "{url}", params: { url: { pattern: "^https://[a-z.]+/" } } };

  await expect(argumentsOf(options, { url: "@/etc/passwd" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: expect.stringContaining("url: must match /^https:"),
  });
  expect(await argumentsOf(options, { url: "https://a.example/" })).toEqual(["https://a.example/"]);
});

test.skipIf(process.platform === "win32")(
  "a program of the same name in the folder of the command is not run",
  async () => {
    const trap = join(folder, "git");
    await writeFile(trap, "#!/bin/sh\ntouch pwned\n");
    await chmod(trap, 0o755);
    const path = ["", ".", process.env["PATH"] ?? ""].join(delimiter);

    const value = await run({ folder, command: "git", args: "--version", env: { PATH: path } }, {});

    expect(value).toContain("git version");
    await expect(access(join(folder, "pwned"))).rejects.toThrow("ENOENT");
  },
);

test.skipIf(process.platform === "win32")(
  "a command that ignores the request to end is ended all the same",
  async () => {
    const beat = join(folder, "beat");
    const script = join(folder, "stubborn.sh");
    // A shell beats long before its time is up; Node may still be starting.
    await writeFile(script, `trap '' TERM\nwhile :; do printf x >> '${beat}'; sleep 0.02; done`);

    const call = run({ command: `sh '${script}'`, args: "", timeoutMs: 2_000 }, {});

    await expect(call).rejects.toMatchObject({ code: "TOOL_TIMEOUT" });
    // The adapter was disposed when the call had failed, and that waits for the end of the group.
    const { size } = await stat(beat);
    await sleep(200);
    expect((await stat(beat)).size).toBe(size);
  },
);

test.skipIf(process.platform === "win32")(
  "a process that has left the group holds no call up",
  async () => {
    const script =
      "const child = require(`child_process`).spawn(`sleep`, [`100`], { stdio: `inherit`, detached: true }); child.unref(); console.log(child.pid); process.exit(0)";

    const value = await run({ command: node(script) }, {});

    // It holds the output open, and is there still.
    expect(value).toMatch(/^\d+\n$/);
    expect(process.kill(Number(value))).toBe(true);
  },
);

test.skipIf(process.platform === "win32")(
  "a command ends with its host, even when that is killed",
  async () => {
    const beat = join(folder, "beat");
    const script = join(folder, "beat.cjs");
    await writeFile(
      script,
      `process.on("SIGTERM", () => 0); setInterval(() => require("fs").appendFileSync(${JSON.stringify(beat)}, "x"), 20)`,
    );
    const host = spawn(process.execPath, [join(import.meta.dirname, "fixtures/host.ts"), script]);
    onTestFinished(() => void host.kill("SIGKILL"));
    await vi.waitFor(async () => expect((await stat(beat)).size).toBeGreaterThan(2), 30_000);

    host.kill("SIGKILL");

    await vi.waitFor(async () => {
      const { size } = await stat(beat);
      await sleep(200);
      expect((await stat(beat)).size).toBe(size);
    }, 30_000);
  },
);

test("a flood on standard error neither fills the memory nor holds the command up", async () => {
  const script =
    "for (let i = 0; i < 20_000; i += 1) require(`fs`).writeSync(2, `x`.repeat(1_000)); console.error(`\\nthe end`); process.exit(2)";

  const error: unknown = await run({ command: node(script) }, {}).catch(
    (reason: unknown) => reason,
  );

  expect(error).toMatchObject({ code: "TOOL_FAILED", details: { exitCode: 2 } });
  expect(JSON.stringify(error).length).toBeLessThan(10_000);
  expect(error).toMatchObject({ message: expect.stringContaining("the end") });
});

test.skipIf(process.platform === "win32")(
  "a command that is killed says by which signal",
  async () => {
    const call = run({ command: node("process.kill(process.pid, `SIGKILL`)") }, {});

    await expect(call).rejects.toMatchObject({
      code: "TOOL_FAILED",
      message: '"echo.echo" failed with signal SIGKILL, without a word.',
      details: { exitCode: null, signal: "SIGKILL" },
    });
  },
);

test("output that is no UTF-8 and control characters are data, and stay it", async () => {
  const script = "process.stdout.write(Buffer.from([0x61, 0xff, 0x1b, 0x5b, 0x00, 0x62]))";

  const value: JsonValue = await run({ command: node(script) }, {});

  expect(value).toBe("a\uFFFD\u001B[\0b");
});
