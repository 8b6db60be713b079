import { expect, test } from "vitest";

import { DEFAULT_LIMITS } from "../src/limits.ts";
import type { ExecuteRequest } from "../src/sandbox.ts";
import { createCallServer } from "../src/serve-calls.ts";

/** What the guest is sent for one call of a host function. */
async function answerTo(
  name: string,
  hostFunctions: ExecuteRequest["hostFunctions"],
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createCallServer({
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
    send: resolve,
    emit: () => undefined,
  });
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
