import { readFileSync } from "node:fs";

import type { ToolCallOptions, ToolProgress } from "@codemode/core";
import { describe, expect, test, vi } from "vitest";

import type { AskingState } from "./fixtures/asking-server.ts";
import { createAskingServer } from "./fixtures/asking-server.ts";
import { serveModern } from "./fixtures/modern-http.ts";
import { ERAS, fixture, withServer } from "./support.ts";

const stdio = fixture("asking-stdio.ts");
const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** Options of a call that is given up as soon as its server has told that it is at it. */
function givenUp(): Partial<ToolCallOptions> {
  const canceller = new AbortController();
  return { signal: canceller.signal, onProgress: () => canceller.abort() };
}

describe.each(ERAS)("in revision %s", (_revision, protocolEra) => {
  test("a process that tells how far it is is heard", () =>
    withServer({ name: "asking", ...stdio, protocolEra }, async (call) => {
      const steps: ToolProgress[] = [];

      await call("count", { to: 3 }, { onProgress: (progress) => void steps.push(progress) });

      expect(steps).toEqual([
        { progress: 1, total: 3, message: "step 1" },
        { progress: 2, total: 3, message: "step 2" },
        { progress: 3, total: 3, message: "step 3" },
      ]);
    }));

  test("a server at a URL that tells how far it is is heard", async () => {
    await using server = await serveModern(() => createAskingServer());
    await withServer({ name: "asking", url: server.url, protocolEra }, async (call) => {
      const onProgress = vi.fn<(progress: ToolProgress) => void>();

      await call("count", { to: 2 }, { onProgress });

      expect(onProgress).toHaveBeenLastCalledWith({ progress: 2, total: 2, message: "step 2" });
    });
  });

  test("a process is told that its call was given up, and goes on", () =>
    withServer({ name: "asking", ...stdio, protocolEra }, async (call) => {
      await expect(call("wait", { id: "one" }, givenUp())).rejects.toMatchObject({
        code: "CANCELLED",
      });

      await vi.waitFor(async () => expect(await call("cancelled")).toEqual(["one"]), 30_000);
    }));

  test("it learns the name and the version of this package", () =>
    withServer({ name: "asking", ...stdio, protocolEra }, async (call) => {
      const { version } = manifest;
      const told = JSON.stringify(await call("client"));
      expect(told).toContain(`"name":"codemode"`);
      expect(told).toContain(`"version":"${version}"`);
    }));
});

test("a server at a URL is told that its call was given up", async () => {
  const state: AskingState = { cancelled: [] };
  await using server = await serveModern(() => createAskingServer(state));
  await withServer({ name: "asking", url: server.url, protocolEra: "auto" }, async (call) => {
    const given = call("wait", { id: "web" }, givenUp());

    await expect(given).rejects.toMatchObject({ code: "CANCELLED" });

    await vi.waitFor(() => expect(state.cancelled).toEqual(["web"]), 30_000);
  });
});
