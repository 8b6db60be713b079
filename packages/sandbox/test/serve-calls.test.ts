import { expect, test } from "vitest";

import { DEFAULT_LIMITS } from "../src/limits.ts";
import type { ExecuteRequest } from "../src/sandbox.ts";
import type { CallServer } from "../src/serve-calls.ts";
import { createCallServer } from "../src/serve-calls.ts";

function createServer(
  hostFunctions: ExecuteRequest["hostFunctions"],
  send: (frame: string) => void,
): CallServer {
  return createCallServer({
    request: {
      executionId: "1",
      code: "",
      catalog: { revision: "1", servers: [], modules: [] },
      callTool: () => Promise.resolve("a tool's"),
      hostFunctions,
    },
    limits: DEFAULT_LIMITS,
    elapsed: () => 0,
    pause: () => () => undefined,
    send,
    emit: () => undefined,
  });
}

/** What the guest is sent for one call of a host function. */
async function answerTo(
  name: string,
  hostFunctions: ExecuteRequest["hostFunctions"],
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer(hostFunctions, resolve);
  server.serve({
    calls: [{ callId: 7, kind: "h", name, args: null, scope: undefined }],
    length: 9,
  });
  const frame = await promise;
  server.end();
  return frame;
}

test("a guest calls the host functions it was given", async () => {
  const frame = await answerTo("tools.list", { "tools.list": () => Promise.resolve(["a.b"]) });

  expect(frame).toBe('R[[7,1,["a.b"]]]');
});

test.each(["constructor", "toString", "__proto__", "hasOwnProperty", "tools.nope"])(
  "%s is no host function, whatever objects inherit",
  async (name) => {
    const frame = await answerTo(name, { "tools.list": () => Promise.resolve([]) });

    expect(frame).toContain('R[[7,0,{"tool":');
    expect(frame).toContain("TOOL_NOT_FOUND");
  },
);

test("calls that are answered at once leave the host its turns, and are all answered", async () => {
  let answered = 0;
  const all = Promise.withResolvers<void>();
  const server = createServer({}, (frame) => {
    answered += frame.match(/\[\d+,1,/g)?.length ?? 0;
    if (answered === 3_000) all.resolve();
  });
  const calls = Array.from({ length: 3_000 }, (_, callId) => ({
    callId,
    kind: "t" as const,
    name: "a.b",
    args: {},
    scope: undefined,
  }));
  server.serve({ calls, length: 9_000 });
  const afterATurn = await new Promise<number>((resolve) => {
    setImmediate(() => resolve(answered));
  });
  await all.promise;
  server.end();

  expect(afterATurn).toBeGreaterThan(0);
  expect(afterATurn).toBeLessThan(3_000);
});
