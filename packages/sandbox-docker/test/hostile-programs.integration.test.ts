import { describeSandboxAttacks } from "@codemode/sandbox/testing";

import { createDockerSandbox } from "../src/index.ts";
import { createMemoryReader } from "../src/testing/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();

if (daemon) {
  const { baseImage } = daemon;
  describeSandboxAttacks({
    name: "docker",
    createSandbox: () => createDockerSandbox({ baseImage }),
    atOnce: 2,
    residentMb: createMemoryReader(),
  });
}
