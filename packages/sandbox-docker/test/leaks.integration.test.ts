import { fileURLToPath } from "node:url";

import { describeSandboxLeaks } from "@codemode/sandbox/testing";

import { createDockerSandbox } from "../src/index.ts";
import { listContainers } from "../src/testing/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();

if (daemon) {
  const { docker, baseImage } = daemon;
  const inCi = process.env["CI"] !== undefined;
  // What is asserted stands in the public suite.
  describeSandboxLeaks({
    name: "docker",
    createSandbox: () =>
      createDockerSandbox({ baseImage, maxRunners: 70, acquireTimeoutMs: 60_000 }),
    script: {
      path: fileURLToPath(new URL("./fixtures/run-once.ts", import.meta.url)),
      args: [baseImage],
    },
    exits: inCi ? 10 : 5,
    sessions: inCi ? 64 : 12,
    countGuests: async (host) => (await listContainers(docker, host)).length,
  });
}
