import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeSandboxAttacks } from "@codemode/sandbox/testing";
import { afterAll } from "vitest";

import { createLocalEvalSandbox } from "../src/index.ts";

const workspacePath = mkdtempSync(join(tmpdir(), "codemode-attacks-"));
// Registered first, so that it runs last.
afterAll(() => rmSync(workspacePath, { recursive: true }));

describeSandboxAttacks({
  name: "local-eval",
  createSandbox: () => createLocalEvalSandbox({ workspacePath }),
});
