import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import type { ElicitAnswer, ElicitQuestion, SampleQuestion } from "@codemode/core";
import { describe, expect, test, vi } from "vitest";

import { createAskingServer } from "./fixtures/asking-server.ts";
import { serveModern } from "./fixtures/modern-http.ts";
import { ERAS, fixture, withServer } from "./support.ts";

const stdio = { name: "asking", ...fixture("asking-stdio.ts") };
const accept: ElicitAnswer = { action: "accept", content: { name: "Ada", age: 36 } };
const agree = (): Promise<ElicitAnswer> => Promise.resolve(accept);

describe.each(ERAS)("in revision %s", (_revision, protocolEra) => {
  const options = { ...stdio, protocolEra };

  test("a form is handed to whoever answers, and its answer to the server", async () => {
    const onElicit = vi.fn<(question: ElicitQuestion) => Promise<ElicitAnswer>>();
    onElicit.mockResolvedValue(accept);

    await withServer({ ...options, onElicit }, async (call) => {
      expect(await call("ask")).toEqual(accept);
    });

    expect(onElicit.mock.calls[0]?.[0]).toEqual({
      server: "asking",
      mode: "form",
      message: "Who are you?",
      schema: expect.objectContaining({ required: ["name"] }),
    });
  });

  test("a page to be opened is handed to whoever answers", async () => {
    const onElicit = vi.fn<(question: ElicitQuestion) => Promise<ElicitAnswer>>();
    onElicit.mockResolvedValue({ action: "decline" });

    await withServer({ ...options, onElicit }, async (call) => {
      expect(await call("open")).toEqual({ action: "decline" });
    });

    expect(onElicit.mock.calls[0]?.[0]).toMatchObject({
      mode: "url",
      url: "https://example.org/login",
    });
  });

  test("a question to the model is handed to whoever answers", async () => {
    const onSample = vi.fn<(question: SampleQuestion) => Promise<typeof SAMPLE>>();
    onSample.mockResolvedValue(SAMPLE);

    await withServer({ ...options, onSample }, async (call) => {
      expect(await call("sample")).toMatchObject(SAMPLE);
    });

    expect(onSample.mock.calls[0]?.[0]).toMatchObject({
      server: "asking",
      params: { messages: [{ role: "user" }], maxTokens: 10 },
    });
  });

  test("the time until an answer does not count against the call", () =>
    withServer(
      {
        ...options,
        timeoutMs: 1_500,
        onElicit: async () => {
          await sleep(2_000);
          return accept;
        },
      },
      async (call) => {
        const [asked] = await Promise.all([
          call("ask"),
          expect(call("wait", { id: "late" })).rejects.toMatchObject({
            code: "TOOL_TIMEOUT",
            message: expect.stringContaining("within 1500 ms"),
          }),
        ]);
        expect(asked).toEqual(accept);
      },
    ));

  test("who makes the call answers before the adapter does", () =>
    withServer(
      { ...options, onElicit: () => Promise.reject(new Error("not asked")) },
      async (call) => {
        expect(await call("ask", {}, { onElicit: agree })).toEqual(accept);
      },
    ));

  test("folders are told to the server", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-test-"));
    await withServer({ ...options, roots: [folder, "file:///srv/data"] }, async (call) => {
      expect(await call("roots")).toEqual({
        roots: [{ uri: pathToFileURL(folder).href }, { uri: "file:///srv/data" }],
      });
    });
  });

  test("a refusal ends the call and says what is missing", () =>
    withServer(
      { ...options, onElicit: () => Promise.reject(new Error("this is no terminal")) },
      async (call) => {
        await expect(call("ask")).rejects.toMatchObject({
          code: "INPUT_UNAVAILABLE",
          tool: "asking.ask",
          message: '"asking.ask" asks for input ("Who are you?"), but this is no terminal.',
        });
      },
    ));
});

const SAMPLE = {
  role: "assistant",
  content: { type: "text", text: "hello" },
  model: "a-model",
} as const;

test("a server of revision 2026-07-28 is not told that it may ask where nobody answers", async () => {
  await using server = await serveModern(() => createAskingServer());
  await withServer({ name: "asking", url: server.url }, async (call) => {
    await expect(call("ask")).rejects.toMatchObject({
      code: "INPUT_UNAVAILABLE",
      tool: "asking.ask",
      message: expect.stringContaining("elicitation"),
    });
  });
});

test("over HTTP a form is asked and answered within one call", async () => {
  await using server = await serveModern(() => createAskingServer());
  await withServer({ name: "asking", url: server.url, onElicit: agree }, async (call) => {
    expect(await Promise.all([call("ask"), call("ask"), call("count", { to: 1 })])).toEqual([
      accept,
      accept,
      '"done"',
    ]);
  });
});
