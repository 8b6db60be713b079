import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { testSandboxConformance } from "@codemode/sandbox/testing";
import { afterAll } from "vitest";

import { createLocalEvalSandbox } from "../src/index.ts";

const workspacePath = mkdtempSync(join(tmpdir(), "codemode-eval-"));
// Registered first, so that it runs last.
afterAll(() => rmSync(workspacePath, { recursive: true }));

testSandboxConformance({
  name: "local-eval",
  createSandbox: () => createLocalEvalSandbox({ workspacePath }),
  capabilities: {
    isolation: "none",
    hardKill: true,
    memoryLimit: "soft",
    nodeApis: true,
    persistent: true,
    network: true,
  },
});
