import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { testSandboxConformance } from "@codemode/sandbox/testing";

import { createLocalEvalSandbox } from "../src/index.ts";

const workspacePath = mkdtempSync(join(tmpdir(), "codemode-eval-"));

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
