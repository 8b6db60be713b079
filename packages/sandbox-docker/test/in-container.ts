import { randomUUID } from "node:crypto";

import { attachTo, watchEnd } from "../src/attach.ts";
import { containerOptions } from "../src/container-options.ts";
import { createDemultiplexer } from "../src/demultiplexer.ts";
import { removeContainer } from "../src/reaper.ts";
import { ensureSandboxImage } from "../src/sandbox-image.ts";
import type { TestDaemon } from "./daemon.ts";

/** How a bare program ended. */
export interface BareOutcome {
  readonly output: string;
  readonly code: number | undefined;
}

/**
 * Runs JavaScript in a container of ours without a supervisor, a guest or Node's permission model:
 * what holds here holds by the container alone.
 */
export async function runBare(
  { docker, baseImage }: TestDaemon,
  { code, runtime }: { readonly code: string; readonly runtime?: string },
): Promise<BareOutcome> {
  const image = await ensureSandboxImage(docker, {
    image: undefined,
    baseImage,
    onProgress: () => undefined,
  });
  const name = `codemode-test-${randomUUID()}`;
  const options = containerOptions({
    name,
    image,
    runtime,
    labels: { "io.codemode.managed": "1" },
    limits: {},
    workspace: undefined,
    allowed: new Set(),
    settings: { heapMb: 128, nodeApis: true, proxy: false, maxLifetimeMs: 60_000 },
  });
  const container = await docker.createContainer({
    ...options,
    Entrypoint: ["node", "--input-type=module", "-e", code],
  });
  try {
    const [stream, { end }] = await Promise.all([attachTo(docker, name), watchEnd(docker, name)]);
    let output = "";
    const onOutput = (bytes: Buffer): void => void (output += bytes.toString());
    stream.on("data", createDemultiplexer({ onOutput, onBroken: () => stream.destroy() }));
    const closed = new Promise((resolve) => stream.once("close", resolve));
    stream.once("end", () => stream.destroy());
    await container.start();
    await closed;
    return { output: output.trim(), code: await end };
  } finally {
    await removeContainer(docker, name);
  }
}
