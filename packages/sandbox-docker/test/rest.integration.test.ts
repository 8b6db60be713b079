import { describeSandboxRest } from "@codemode/sandbox/testing";

import { createDockerSandbox } from "../src/index.ts";
import { createUsageReader } from "../src/testing/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();

if (daemon) {
  const { baseImage } = daemon;
  const readContainers = createUsageReader();
  // What is asserted stands in the public suite.
  describeSandboxRest({
    name: "docker",
    createSandbox: () => createDockerSandbox({ baseImage }),
    async processorMs() {
      const containers = await readContainers();
      return new Map([...containers].map(([id, { processorMs }]) => [id, processorMs]));
    },
  });
}
