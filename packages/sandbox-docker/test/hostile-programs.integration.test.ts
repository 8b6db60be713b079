import { describeSandboxAttacks } from "@codemode/sandbox/testing";

import { createDockerSandbox } from "../src/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();

if (daemon) {
  const { baseImage } = daemon;
  describeSandboxAttacks({
    name: "docker",
    createSandbox: () => createDockerSandbox({ baseImage }),
    atOnce: 2,
    // A container's memory is no child's of this process; the system limits it.
    residentMb: () => 0,
  });
}
