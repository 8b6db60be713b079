import { describeSandboxRest } from "@codemode/sandbox/testing";

import { createIsolatedVmSandbox } from "../src/index.ts";

// What is asserted stands in the public suite.
describeSandboxRest({ name: "isolated-vm", createSandbox: () => createIsolatedVmSandbox() });
