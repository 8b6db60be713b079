import { testSandboxConformance } from "@codemode/sandbox/testing";

import { createDockerSandbox } from "../src/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();

if (daemon) {
  const { baseImage } = daemon;
  testSandboxConformance({
    name: "docker",
    createSandbox: () => createDockerSandbox({ baseImage }),
    capabilities: {
      isolation: "container",
      hardKill: true,
      memoryLimit: "hard",
      nodeApis: true,
      persistent: true,
      network: false,
    },
  });
}
