import { expect, test } from "vitest";

import { createChannelSession } from "../src/channel-session.ts";
import type { ChannelExit } from "../src/sandbox-channel.ts";
import type { StartedChannel } from "../src/start-guest.ts";

test("a runner that comes to rest just after it was killed is lost, and the next program is told so", async () => {
  let onFrame: ((frame: string) => void) | undefined;
  let onExit: ((exit: ChannelExit) => void) | undefined;
  const channel: StartedChannel = {
    catalog: undefined,
    onDeath: () => undefined,
    send(frames) {
      const id = /"id":"([^"]+)"/.exec(frames)?.[1];
      if (id === undefined) return;
      const end = { id, ok: true, value: 1, warnings: [], tail: [], dropped: 0 };
      setTimeout(() => onFrame?.(`V${JSON.stringify(end)}`), 1);
    },
    onFrame: (listener) => void (onFrame = listener),
    onExit: (listener) => void (onExit = listener),
    kill() {
      // The last word was on its way already; the end is seen a little later.
      onFrame?.("I");
      setTimeout(() => onExit?.({ signal: "SIGKILL" }), 20);
    },
  };
  const session = createChannelSession({
    id: "s",
    channel,
    capabilities: { nodeApis: false },
  });
  const request = {
    code: "1",
    catalog: { revision: "0", servers: [], modules: [] },
    hostFunctions: {},
    callTool: () => Promise.resolve(null),
  };

  const first = await session.execute({ ...request, executionId: "a" });
  const second = await session.execute({ ...request, executionId: "b" });

  expect(first).toMatchObject({ ok: true, value: 1, warnings: [{ code: "SESSION_LOST" }] });
  expect(second).toMatchObject({ ok: false, error: { code: "SESSION_LOST" } });
});
