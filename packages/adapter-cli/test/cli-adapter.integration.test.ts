import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createToolRegistry } from "@codemode/core";
import { testAdapterConformance } from "@codemode/core/testing";
import { expect, onTestFinished, test } from "vitest";

import { createCliAdapter } from "../src/index.ts";
import { node, run } from "./run-cli.ts";

testAdapterConformance({
  name: "cli",
  createAdapter: (name) =>
    createCliAdapter({
      name,
      command: node(
        "const [what] = process.argv.slice(1); if (what === `fail`) { console.error(`it is broken`); process.exit(3) } if (what === `wait`) setTimeout(() => undefined, 10_000); else console.log(`did ${what}`)",
      ),
      schema: { positional: [{ name: "what", required: true }] },
      recipes: { fail: { preset: { what: "fail" } }, wait: { preset: { what: "wait" } } },
    }),
  works: { tool: "conformance", args: { what: "work" }, value: "did work\n" },
  fails: { tool: "fail", args: {}, message: "it is broken" },
  waits: { tool: "wait", args: {} },
});

test("a failure has the exit code and the end of what was printed, without control characters", async () => {
  const script = "console.log(`out`); console.error(`\\u001b[31mred`); process.exit(7)";

  const call = run({ command: node(script) }, {});

  await expect(call).rejects.toMatchObject({
    code: "TOOL_FAILED",
    tool: "echo.echo",
    message: '"echo.echo" failed with exit code 7: \\u{1b}[31mred',
    details: { exitCode: 7, signal: null, stderr: "\\u{1b}[31mred", stdout: "out" },
  });
});

test("exit codes that the options name are no failure", async () => {
  const command = node("console.log(`no match`); process.exit(1)");

  const value = await run({ command, exitCodes: [0, 1] }, {});

  expect(value).toBe("no match\n");
});

test("a command gets the few variables it needs and its own, and none of ours", async () => {
  process.env["CODEMODE_TEST_CANARY"] = "canary-value";
  onTestFinished(() => void delete process.env["CODEMODE_TEST_CANARY"]);
  const command = node("console.log(JSON.stringify(process.env))");

  const env = await run({ command, parseJson: true, env: { MINE: "yes" } }, {});

  expect(env).toMatchObject({ MINE: "yes", PATH: process.env["PATH"] });
  expect(JSON.stringify(env)).not.toContain("canary");
});

test("secrets of its environment are not in the message of a failure", async () => {
  const command = node("console.error(process.env.TOKEN); process.exit(1)");

  const call = run({ command, env: { TOKEN: "very-secret-value" } }, {});

  const error: unknown = await call.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: expect.stringContaining("[secret]") });
  expect(JSON.stringify(error)).not.toContain("very-secret-value");
});

test("what a failed command says has no value of a variable or a secret in it, whatever it is called", async () => {
  const tell = "console.error(process.env.PLACE, process.argv[1])";
  const options = { env: { PLACE: "db.internal.example" }, secrets: ["filled-in-value"] };

  const failed = run(
    { command: `${node(`${tell}; process.exit(1)`)} filled-in-value`, ...options },
    {},
  );

  await expect(failed).rejects.toMatchObject({
    message: '"echo.echo" failed with exit code 1: [secret] [secret]',
    details: { stderr: "[secret] [secret]" },
  });
  const noJson = run(
    { command: `${node("console.log(process.env.PLACE)")} x`, parseJson: true, ...options },
    {},
  );
  await expect(noJson).rejects.toMatchObject({
    message: expect.stringContaining('printed "[secret]\\n"'),
  });
});

test("what a command prints of its secret variables goes to nobody", async () => {
  const command = node("console.log(process.env.API_TOKEN, process.env.PROJECT)");

  const value = await run(
    { command, env: { API_TOKEN: "very-secret-value", PROJECT: "no-secret" } },
    {},
  );

  expect(value).toBe("[secret] no-secret\n");
});

test("a command that reads its input ends, and reads what it is given", async () => {
  const command = node("process.stdin.pipe(process.stdout)");

  const nothing = await run({ command }, {});
  const given = await run({ command, stdin: true }, { stdin: "héllo" });
  const unread = await run({ command: node("0"), stdin: true }, { stdin: "x".repeat(1_000_000) });

  expect([nothing, given, unread]).toEqual(["", "héllo", ""]);
});

test("a timeout stops the command and all that it started", async () => {
  const folder = await temporaryFolder();
  const beat = join(folder, "beat");
  const child = `setInterval(() => require("fs").appendFileSync(${JSON.stringify(beat)}, "x"), 20)`;
  const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], {stdio: "inherit"}); setInterval(() => 0, 1000)`;
  const script = join(folder, "parent.cjs");
  await writeFile(script, parent);

  let size = 0;
  // On a busy machine both take long to start: then they get more time.
  for (let timeoutMs = 1_500; size === 0 && timeoutMs < 60_000; timeoutMs *= 4) {
    const call = run({ command: `'${process.execPath}' '${script}'`, args: "", timeoutMs }, {});
    // oxlint-disable-next-line no-await-in-loop -- again only where nothing was started in time
    await expect(call).rejects.toMatchObject({ code: "TOOL_TIMEOUT" });
    // oxlint-disable-next-line no-await-in-loop -- the end of the loop
    size = (await stat(beat).catch(() => undefined))?.size ?? 0;
  }
  await sleep(300);
  expect(size).toBeGreaterThan(0);
  expect((await stat(beat)).size).toBe(size);
});

test("what a command leaves running behind itself ends with it", async () => {
  const folder = await temporaryFolder();
  const beat = join(folder, "beat");
  const child = `setInterval(() => require("fs").appendFileSync(${JSON.stringify(beat)}, "x"), 20)`;
  const script = join(folder, "parent.cjs");
  await writeFile(
    script,
    `const c = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], {stdio: "inherit"}); c.unref(); setTimeout(() => process.exit(0), 500); console.log("done")`,
  );

  const value = await run({ command: `'${process.execPath}' '${script}'`, args: "" }, {});

  expect(value).toBe("done\n");
  const before = await stat(beat).catch(() => undefined);
  await sleep(300);
  expect((await stat(beat).catch(() => undefined))?.size).toBe(before?.size);
});

test("output over the limit is an error, and long output within it is whole", async () => {
  const command = node("process.stdout.write(`x`.repeat(1_000_000))");

  const whole = await run({ command }, {});
  const endless = run(
    { command: node("for (;;) require(`fs`).writeSync(1, `x`.repeat(1_000))") },
    {},
  );

  expect(whole).toHaveLength(1_000_000);
  await expect(endless).rejects.toMatchObject({ code: "TOOL_RESULT_TOO_LARGE" });
});

test("parseJson says what was printed instead", async () => {
  const call = run({ command: node("console.log(`no json`)"), parseJson: true }, {});

  await expect(call).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining('"no json\\n"'),
  });
});

test("a program that is not installed is reported, and the other servers work", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(createCliAdapter({ name: "gone", command: "no-such-program-here" }));
  registry.addAdapter(createCliAdapter({ name: "lost", command: "node", workingDir: "no/such" }));
  registry.addAdapter(createCliAdapter({ name: "node", args: "--version" }));

  const statuses = await registry.discoverAll();

  expect(statuses).toMatchObject([
    {
      status: "failed",
      error: {
        code: "SERVER_UNAVAILABLE",
        message:
          'Server "gone" cannot run: command "no-such-program-here" was not found. Install it, or correct "command".',
      },
    },
    { status: "failed", error: { message: expect.stringContaining('folder "no/such"') } },
    { status: "connected", toolCount: 1 },
  ]);
  await expect(
    createCliAdapter({ name: "gone", command: "no-such-program-here" }).callTool(
      { tool: "gone.gone", args: {}, callId: "1", executionId: "1" },
      { signal: AbortSignal.timeout(60_000) },
    ),
  ).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE", tool: "gone.gone" });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
