import { testSandboxConformance } from "@codemode/sandbox/testing";

import { createIsolatedVmSandbox } from "../src/index.ts";

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
