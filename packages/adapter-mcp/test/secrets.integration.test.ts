import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

import { createToolRegistry, toolResultToValue } from "@codemode/core";
import { expect, test } from "vitest";

import type { McpAdapterOptions } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";
import { startFaultServer } from "./fixtures/fault-server.ts";

const script = fileURLToPath(new URL("./fixtures/leaky-server.mjs", import.meta.url));
const soon = () => ({ signal: AbortSignal.timeout(60_000) });
const request = (tool: string) => ({ tool, args: {}, callId: "c", executionId: "e" });

const SEEDS = [
  "seed-from-env-1",
  'seed "quoted"\\-2',
  "seed-from-flag-3",
  "seed-from-pair-4",
  "seed-from-variable-5",
];
const [fromEnv = "", quoted = "", fromFlag = "", fromPair = "", fromVariable = ""] = SEEDS;

const leaky: McpAdapterOptions = {
  name: "leaky",
  command: process.execPath,
  args: [script, "--api-token", fromFlag, `--password=${fromPair}`, fromVariable],
  env: { LEAK_A: fromEnv, LEAK_B: quoted },
  secrets: [fromVariable],
  connectTimeoutMs: 60_000,
};

/** All that a log could make of a value. */
function shown(value: unknown): string {
  const message = value instanceof Error ? `${value.message}\n${value.stack}` : "";
  const all = { depth: 20, maxStringLength: null, maxArrayLength: null, showHidden: true };
  return `${String(value)}\n${message}\n${JSON.stringify(value)}\n${inspect(value, all)}`;
}

const leaksIn = (text: string): readonly string[] =>
  [...SEEDS, JSON.stringify(quoted).slice(1, -1), "/opt/secret"].filter((seed) =>
    text.includes(seed),
  );

test.each(["error", "invalid", "failing", "structured", "broken", "crash"])(
  "no secret is in what is told of %s",
  async (name) => {
    await using adapter = createMcpAdapter({ ...leaky, timeoutMs: 60_000 });
    const tool = { canonicalName: `leaky.${name}` };

    const error: unknown = await adapter
      .callTool(request(tool.canonicalName), soon())
      .then((result) => toolResultToValue(result, tool))
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).toContain(name === "broken" ? "leaky" : "[secret]");
    expect(leaksIn(shown(error))).toEqual([]);
  },
);

test("of what an answer repeats, credentials are taken out, and other settings are data", async () => {
  const env = { LEAK_API_KEY: fromEnv, LEAK_AUTHOR: "Jonathan" };
  await using adapter = createMcpAdapter({ ...leaky, env, secrets: [] });

  const { content } = await adapter.callTool(request("leaky.fine"), soon());

  expect(leaksIn(JSON.stringify(content))).toEqual([fromVariable]);
  expect(JSON.stringify(content)).toContain("[secret] | Jonathan");
});

test("what an error answer has beside secrets stays as it is", async () => {
  await using adapter = createMcpAdapter({ ...leaky, secrets: ["123456"] });

  const { structuredContent } = await adapter.callTool(request("leaky.structured"), soon());

  expect(structuredContent).toMatchObject({ port: 123_456 });
});

test("no secret is in diagnostics and in the status of a server", async () => {
  await using registry = createToolRegistry();
  for (const mode of ["bad-names", "leaks-at-start", "prints-at-start"])
    registry.addAdapter(
      createMcpAdapter({
        ...leaky,
        name: mode,
        env: { LEAK_A: fromEnv, LEAK_B: quoted, LEAK_MODE: mode },
        // It alone is never connected.
        connectTimeoutMs: mode === "prints-at-start" ? 2_000 : 60_000,
      }),
    );

  const statuses = await registry.discoverAll();

  expect(statuses.map(({ status }) => status)).toEqual(["connected", "failed", "failed"]);
  expect(JSON.stringify(statuses)).toContain("[secret]");
  expect(leaksIn(shown(statuses))).toEqual([]);
});

test("no secret of a header, a user or a query is in what is told of an HTTP server", async () => {
  await using server = await startFaultServer();
  server.faults.set("*", (response, _message, { headers, url }) => {
    const text = `${"-".repeat(190)} ${headers.authorization} ${String(headers["x-key"])} ${url}`;
    response.writeHead(403, { location: `/${text.slice(-40).trim()}` }).end(text);
  });
  await using adapter = createMcpAdapter({
    name: "web",
    url: `${server.url}/${fromVariable}?key=${fromFlag}`,
    headers: { Authorization: `Bearer ${fromEnv}`, "X-Key": fromPair },
    secrets: [fromVariable],
  });

  const error: unknown = await adapter.listTools(soon()).catch((reason: unknown) => reason);

  expect(shown(error)).toContain('Check "Authorization", "X-Key" of its "headers"');
  expect(leaksIn(shown(error))).toEqual([]);
});
