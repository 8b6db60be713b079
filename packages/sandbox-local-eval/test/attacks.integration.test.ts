import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeSandboxAttacks } from "@codemode/sandbox/testing";
import { afterAll, describe } from "vitest";

import { createLocalEvalSandbox } from "../src/index.ts";

const workspacePath = mkdtempSync(join(tmpdir(), "codemode-attacks-"));
// Registered first, so that it runs last.
afterAll(() => rmSync(workspacePath, { recursive: true }));

// Half a minute of processor time for a sandbox that is no security boundary. What is asserted stands in
// the public suite.
describe.runIf(process.env["CI"] !== undefined)("where CI is set", () => {
  describeSandboxAttacks({
    name: "local-eval",
    createSandbox: () => createLocalEvalSandbox({ workspacePath }),
  });
});
