import { testSandboxConformance } from "@codemode/sandbox/testing";
import { describe } from "vitest";

import { createIsolatedVmSandbox } from "../src/index.ts";

// The whole suite once more.
describe.runIf(process.env["CI"] !== undefined)("where CI is set", () => {
  testSandboxConformance({
    name: "isolated-vm, jitless",
    createSandbox: () => createIsolatedVmSandbox({ hardening: "jitless" }),
    capabilities: {
      isolation: "isolate",
      hardKill: true,
      memoryLimit: process.platform === "linux" ? "hard" : "soft",
      nodeApis: false,
      persistent: true,
      network: false,
    },
  });
});
