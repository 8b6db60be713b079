import { fileURLToPath } from "node:url";

import { describeSandboxLeaks } from "@codemode/sandbox/testing";

import { createIsolatedVmSandbox } from "../src/index.ts";

// What is asserted stands in the public suite.
describeSandboxLeaks({
  name: "isolated-vm",
  createSandbox: () => createIsolatedVmSandbox(),
  script: { path: fileURLToPath(new URL("./fixtures/run-once.ts", import.meta.url)) },
  exits: process.env["CI"] === undefined ? 10 : 50,
});
