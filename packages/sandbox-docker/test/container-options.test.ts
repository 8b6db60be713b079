import { expect, test } from "vitest";

import { containerOptions, heapWithin } from "../src/container-options.ts";

const plan = {
  name: "codemode-1",
  image: { name: "codemode/sandbox:1-a", entry: "/opt/codemode/container/supervisor.js" },
  labels: { "io.codemode.managed": "1" },
  runtime: undefined,
  limits: {},
  workspace: undefined,
  allowed: new Set<string>(),
  settings: { heapMb: 128, nodeApis: true, proxy: false, maxLifetimeMs: 1_000 },
};

test("a container has no network, no capability, no swap, no log, and removes itself", () => {
  const { HostConfig, User, StdinOnce } = containerOptions(plan);

  expect({ User, StdinOnce }).toEqual({ User: "10001:10001", StdinOnce: true });
  expect(HostConfig).toMatchObject({
    AutoRemove: true,
    NetworkMode: "none",
    IpcMode: "none",
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    LogConfig: { Type: "none" },
    Memory: HostConfig?.MemorySwap,
    PidsLimit: 64,
  });
  expect(HostConfig).not.toHaveProperty("Binds");
  expect(HostConfig).not.toHaveProperty("Privileged");
});

test("gVisor gets the processes that it needs itself", () => {
  expect(containerOptions({ ...plan, runtime: "runsc" }).HostConfig?.PidsLimit).toBe(512);
});

test.each([
  [{}, 128, 128],
  [{ memoryMb: 1_000 }, 128, 128],
  [{ memoryMb: 100 }, 128, 60],
])("with %j a heap of %i is %i", (limits, asked, heap) => {
  expect(heapWithin(limits, asked)).toBe(heap);
});
