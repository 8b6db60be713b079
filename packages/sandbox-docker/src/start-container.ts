import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";

import type { SandboxChannel } from "@codemode/sandbox";
import type Docker from "dockerode";

import { attachTo, watchEnd } from "./attach.ts";
import { createContainerChannel } from "./container-channel.ts";
import type { ContainerPlan } from "./container-options.ts";
import { containerOptions } from "./container-options.ts";
import { withDeadline } from "./deadline.ts";

// Creating and starting wait for the disk and for each other.
const START_TIMEOUT_MS = 60_000;
const READY_TIMEOUT_MS = 30_000;

/** Starts one container and gives the line to it; what was made on the way is removed where it fails. */
export async function startContainer(
  docker: Docker,
  planned: Omit<ContainerPlan, "name">,
  remove: (name: string) => void,
): Promise<SandboxChannel> {
  // Chosen here: a container whose creation nobody answered for can still be removed.
  const name = `codemode-${randomUUID()}`;
  let stream: Duplex | undefined;
  const startedAt = Date.now();
  try {
    const container = await withDeadline(
      "creating a container",
      (abortSignal) =>
        docker.createContainer({ ...containerOptions({ ...planned, name }), abortSignal }),
      START_TIMEOUT_MS,
    );
    // Before the start: nothing that is said is lost.
    const [attached, { end }] = await Promise.all([attachTo(docker, name), watchEnd(docker, name)]);
    stream = attached;
    const channel = createContainerChannel({
      stream,
      end,
      allowed: planned.allowed,
      remove: () => remove(name),
      wasOutOfMemory: () => wasOutOfMemory(docker, { id: container.id, startedAt }),
    });
    await withDeadline(
      "starting a container",
      (abortSignal) => container.start({ abortSignal }),
      START_TIMEOUT_MS,
    );
    await withDeadline("the container's first word", () => channel.ready, READY_TIMEOUT_MS);
    return channel;
  } catch (error) {
    stream?.destroy();
    remove(name);
    throw error;
  }
}

/** Asks the daemon what it has seen: a container that removes itself cannot be looked at any more. */
async function wasOutOfMemory(
  docker: Docker,
  { id, startedAt }: { readonly id: string; readonly startedAt: number },
): Promise<boolean> {
  try {
    return await withDeadline("reading events", async (abortSignal) => {
      const events = await docker.getEvents({
        since: Math.floor(startedAt / 1_000) - 1,
        until: Math.ceil(Date.now() / 1_000),
        filters: { container: [id], event: ["oom"] },
        abortSignal,
      });
      let text = "";
      for await (const chunk of events) text += String(chunk);
      return text.trim() !== "";
    });
  } catch {
    // Then it is a container that was ended, without a reason.
    return false;
  }
}
