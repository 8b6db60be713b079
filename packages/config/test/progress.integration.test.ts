import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { SandboxEvent } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createSession } from "@codemode/session";
import { expect, test } from "vitest";

test("how far a call is becomes an event that names the tool, not more often than people can read", async () => {
  await using registry = createToolRegistry();
  await using sandbox = createIsolatedVmSandbox();
  registry.addAdapter(
    createFunctionAdapter({
      name: "shop",
      tools: {
        deliver: {
          description: "Delivers an article.",
          run: (_args, { onProgress }) => {
            onProgress?.({ progress: 1, total: 2, message: "packed" });
            onProgress?.({ progress: 2, total: 2, message: "too soon after the one before" });
            return "delivered";
          },
        },
      },
    }),
  );
  await registry.discoverAll();
  await using session = createSession({ registry, sandbox });
  const events: SandboxEvent[] = [];

  await session.execute("await shop.deliver()", { onEvent: (event) => void events.push(event) });

  expect(events.map(({ type }) => type)).toEqual(["call_started", "call_progress", "call_ended"]);
  expect(events[1]).toMatchObject({
    type: "call_progress",
    tool: "shop.deliver",
    callId: expect.any(String),
    progress: 1,
    total: 2,
    message: "packed",
  });
});
