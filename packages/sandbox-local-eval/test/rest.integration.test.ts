import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeSandboxRest } from "@codemode/sandbox/testing";
import { afterAll } from "vitest";

import { createLocalEvalSandbox } from "../src/index.ts";

const workspacePath = mkdtempSync(join(tmpdir(), "codemode-rest-"));
// Registered first, so that it runs last.
afterAll(() => rmSync(workspacePath, { recursive: true }));

// What is asserted stands in the public suite.
describeSandboxRest({
  name: "local-eval",
  createSandbox: () => createLocalEvalSandbox({ workspacePath }),
});
