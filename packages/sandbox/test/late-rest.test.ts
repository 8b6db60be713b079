import { expect, test } from "vitest";

import { createChannelSandbox } from "../src/index.ts";
import type { SandboxChannel } from "../src/sandbox-channel.ts";
import { toRequest } from "../src/testing/requests.ts";

const CAPABILITIES = {
  isolation: "none",
  hardKill: true,
  memoryLimit: "none",
  nodeApis: false,
  persistent: true,
  network: false,
} as const;

/** A runner that rests after each frame but the first program's, which ends and does not rest. */
function createRunner(): SandboxChannel {
  let onFrame: ((frame: string) => void) | undefined;
  let works = false;
  return {
    send(frames) {
      if (works) return;
      const id = /E\{"id":"([^"]+)"/.exec(frames)?.[1];
      const end = { id, ok: true, value: 1, warnings: [], tail: [], dropped: 0 };
      works = id !== undefined && id !== "warm-up";
      const answer = works ? `V${JSON.stringify(end)}` : "I";
      setTimeout(() => onFrame?.(answer), 1);
    },
    onFrame: (listener) => void (onFrame = listener),
    // Its end is never seen.
    onExit: () => undefined,
    kill() {
      // The last word was on its way already.
      setTimeout(() => onFrame?.("I"), 1);
    },
  };
}

test("a runner that comes to rest just after it was killed is lost, and the next program is told so", async () => {
  await using sandbox = createChannelSandbox({
    variant: "late",
    capabilities: CAPABILITIES,
    connect: () => Promise.resolve(createRunner()),
  });
  await using session = await sandbox.openSession();

  const first = await session.execute(toRequest("1"));
  const second = await session.execute(toRequest("1"));

  expect(first).toMatchObject({ ok: true, value: 1, warnings: [{ code: "SESSION_LOST" }] });
  expect(second).toMatchObject({ ok: false, error: { code: "SESSION_LOST" } });
});
