import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

import { afterEach, describe, expect, test } from "vitest";

import { createProcessChannel } from "../src/process-channel.ts";
import type { ChannelExit } from "../src/sandbox-channel.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const FILL = "const all = []; setInterval(() => all.push(Buffer.alloc(5e6, 1)), 2)";

describe.runIf(process.platform === "linux")("a child that takes too much memory", () => {
  test.each(["!1000 1000\nE{}", "K{}\n!1000 1000\nE{}"])(
    "has ended when that is seen, whatever came with its program: %j",
    async (frames) => {
      const child = spawn(process.execPath, ["-e", FILL], { stdio: ["pipe", "pipe", "ignore"] });
      children.push(child);
      const { stdin: input, stdout: output } = child;
      const channel = createProcessChannel(child, { input, output, memoryMb: 30 });
      const { promise, resolve } = Promise.withResolvers<ChannelExit>();
      channel.onExit(resolve);

      channel.send(frames);

      await expect(promise).resolves.toEqual({ signal: "SIGKILL", outOfMemory: true });
    },
  );
});
