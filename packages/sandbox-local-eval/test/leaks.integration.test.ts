import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describeSandboxLeaks } from "@codemode/sandbox/testing";
import { afterAll } from "vitest";

import { createLocalEvalSandbox } from "../src/index.ts";

const workspacePath = mkdtempSync(join(tmpdir(), "codemode-leaks-"));
// Registered first, so that it runs last.
afterAll(() => rmSync(workspacePath, { recursive: true }));

// What is asserted stands in the public suite.
describeSandboxLeaks({
  name: "local-eval",
  createSandbox: () => createLocalEvalSandbox({ workspacePath }),
  script: {
    path: fileURLToPath(new URL("./fixtures/run-once.ts", import.meta.url)),
    args: [workspacePath],
  },
  // Each of them is a process of its own.
  exits: process.env["CI"] === undefined ? 10 : 50,
  sessions: process.env["CI"] === undefined ? 24 : 64,
});
