import { describeSandboxAttacks } from "@codemode/sandbox/testing";

import { createIsolatedVmSandbox } from "../src/index.ts";

describeSandboxAttacks({ name: "isolated-vm", createSandbox: () => createIsolatedVmSandbox() });
