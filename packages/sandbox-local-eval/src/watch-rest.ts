import type { ChildProcess } from "node:child_process";

import type { SandboxChannel } from "@codemode/sandbox";
import { createRestWatch } from "@codemode/sandbox/rest-watch";

/** The same channel; its child is ended where it computes on between programs. */
export function watchRest(child: ChildProcess, channel: SandboxChannel): SandboxChannel {
  let restless = false;
  const watch = createRestWatch(child.pid, () => {
    restless = true;
    channel.kill();
  });
  return {
    ...channel,
    send(frame) {
      // The budget of a program, which may have its catalog before it.
      if (/^(?:K.*\n)?!/.test(frame)) watch.work();
      channel.send(frame);
    },
    onFrame(listener) {
      channel.onFrame((frame) => {
        if (frame === "I" || frame === "X") watch.rest();
        listener(frame);
      });
    },
    onExit(listener) {
      channel.onExit((exit) => listener(restless ? { ...exit, restless } : exit));
    },
  };
}
