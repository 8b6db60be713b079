import { testSandboxConformance } from "@codemode/sandbox/testing";

import { createDockerSandbox } from "../src/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();

if (daemon) {
  const { baseImage } = daemon;
  for (const nodeApis of [true, false]) {
    testSandboxConformance({
      name: nodeApis ? "docker" : "docker without Node's modules",
      createSandbox: () => createDockerSandbox({ baseImage, nodeApis }),
      capabilities: {
        isolation: "container",
        hardKill: true,
        memoryLimit: "hard",
        nodeApis,
        persistent: true,
        network: false,
      },
    });
  }
}
