import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { createSessionFromConfig } from "@codemode/config";
import { testSandboxConformance } from "@codemode/sandbox/testing";
import { afterAll, describe, expect, test } from "vitest";

import { CAPABILITIES, createSandbox } from "../src/nice-sandbox.ts";

const example = fileURLToPath(new URL("..", import.meta.url));
const workspacePath = mkdtempSync(join(tmpdir(), "codemode-nice-"));
// Registered first, so that it runs last.
afterAll(() => rmSync(workspacePath, { recursive: true }));

// The whole suite once more.
describe.runIf(process.env["CI"] !== undefined)("where CI is set", () => {
  testSandboxConformance({
    name: "nice",
    // Other tests run meanwhile: behind all of them it would come too late.
    createSandbox: () => createSandbox({ memoryMb: 128, workspacePath, niceness: 1 }),
    capabilities: CAPABILITIES,
  });
});

test("the config's path leads to it, and the config says that it is no security boundary", async () => {
  const opened = await createSessionFromConfig({ cwd: example });
  try {
    const result = await opened.session.execute("(await import('node:os')).getPriority()");

    expect(result).toMatchObject({ ok: true, value: constants.priority.PRIORITY_LOW });
    expect(opened.sandbox.variant).toBe("nice");
    expect(opened.diagnostics).toEqual([
      { code: "SANDBOX_NOT_ISOLATED", message: expect.stringContaining('"nice"') },
    ]);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
});

test("the example prints its result and ends", async () => {
  const main = join(example, "src/main.ts");

  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main], {
    cwd: workspacePath,
  });

  expect(stdout).toBe("[1,4,9]\n");
  expect(stderr).toContain("no security boundary");
});
