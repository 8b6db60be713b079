import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ToolAdapter, ToolResult } from "@codemode/core";
import { expect, test } from "vitest";

import { createMcpAdapter } from "../src/index.ts";
import { startSse, startStreamableHttp } from "./fixtures/growing-http.ts";
import { endOfConnections } from "./support.ts";

const soon = () => ({ signal: AbortSignal.timeout(60_000) });

function grow(adapter: ToolAdapter): Promise<ToolResult> {
  const request = { tool: "growing.grow", args: {}, callId: "c", executionId: "e" };
  return adapter.callTool(request, soon());
}

test.each([
  ["Streamable HTTP", startStreamableHttp],
  ["SSE", startSse],
])(
  "calls go on when a server over %s was restarted, with the connection quiet",
  async (_, start) => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await using adapter = createMcpAdapter({ name: "growing", url: first.url });
    await adapter.listTools(soon());
    await first[Symbol.asyncDispose]();
    await endOfConnections();
    await using second = await start(port);

    const results = await Promise.all([adapter.listTools(soon()), adapter.listTools(soon())]);
    const grown = await grow(adapter);
    const { tools } = await adapter.listTools(soon());

    expect(second.url).toBe(first.url);
    expect(results.map((listing) => listing.tools.length)).toEqual([1, 1]);
    expect(grown).toMatchObject({ content: [{ text: "done" }] });
    expect(tools.map(({ name }) => name)).toEqual(["grow", "grown"]);
  },
);

const chaos = fileURLToPath(new URL("./fixtures/chaos-server.mjs", import.meta.url));

test("a process that ends in every call is started ever more slowly, and each call is sent once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-test-"));
  const log = join(folder, "calls.log");
  await using adapter = createMcpAdapter({
    name: "chaos",
    command: process.execPath,
    args: [chaos, "crash-in-call"],
    env: { CALL_LOG: log },
  });
  const request = { tool: "chaos.run", args: {}, callId: "c", executionId: "e" };
  const start = performance.now();

  const errors: unknown[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each call follows the end of the process before it
    errors.push(await adapter.callTool(request, soon()).catch((error: unknown) => error));
  }
  const sent = (await readFile(log, "utf8")).trim().split("\n");
  await rm(folder, { recursive: true });

  expect(errors).toMatchObject(
    Array.from({ length: 4 }, () => ({ code: "SERVER_UNAVAILABLE", retryable: true })),
  );
  expect(sent).toEqual(["run", "run", "run", "run"]);
  expect(performance.now() - start).toBeGreaterThan(100 + 200);
});

test("a program ends when its adapter is closed, stream and all", async () => {
  await using server = await startStreamableHttp();
  const index = new URL("../src/index.ts", import.meta.url).href;
  const program = `import { createMcpAdapter } from ${JSON.stringify(index)};
    const adapter = createMcpAdapter({ name: "growing", url: ${JSON.stringify(server.url)} });
    const { tools } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });
    await adapter[Symbol.asyncDispose]();
    console.log(tools.length);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "pipe" });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));

  const [code] = await once(child, "exit", soon());

  expect({ code, output }).toEqual({ code: 0, output: "1\n" });
});
