import { setImmediate, setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { JsonObject, JsonValue, ToolCallOptions } from "@codemode/core";
import { createToolRegistry, toolResultToValue } from "@codemode/core";
import { expect } from "vitest";

import type { McpAdapterOptions, ProtocolEra } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";

/** Calls a tool of the one server there is. */
export type Call = (
  tool: string,
  args?: JsonObject,
  options?: Partial<ToolCallOptions>,
) => Promise<JsonValue>;

/** How a server is started. */
export interface StdioServer {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** A script, run as a server. It compiles nothing that was compiled for a test before. */
export function script(path: string): StdioServer {
  const env = { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "" };
  return { command: process.execPath, args: [path], env };
}

/** A file of the fixtures, run as a server. */
export function fixture(name: string): StdioServer {
  return script(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)));
}

/** The two eras of the protocol, by the revision each of them ends with. */
export const ERAS: readonly (readonly [revision: string, protocolEra: ProtocolEra])[] = [
  ["2025-11-25", "legacy"],
  ["2026-07-28", "auto"],
];

/** Until the end of a server's connections is seen here, they are taken for open ones. */
export async function endOfConnections(): Promise<void> {
  await setTimeout(200);
  // What came meanwhile is read in these turns, however late this process wakes.
  await setImmediate();
  await setImmediate();
}

/** Discovers one server and hands on how to call it. */
export async function withServer(
  options: McpAdapterOptions,
  use: (call: Call, names: readonly string[]) => Promise<void>,
): Promise<void> {
  await using registry = createToolRegistry();
  registry.addAdapter(createMcpAdapter(options));
  expect(await registry.discoverAll()).toMatchObject([{ status: "connected" }]);
  const { name } = options;
  const names = registry.list({ includeDeferred: true }).map((tool) => tool.name);
  await use(async (tool, args = {}, given = {}) => {
    const call = { tool: `${name}.${tool}`, args, callId: "c", executionId: "e" };
    const signal = AbortSignal.timeout(60_000);
    const result = await registry.callTool(call, { signal, ...given });
    return toolResultToValue(result, { canonicalName: call.tool, outputSchema: {} });
  }, names);
}
