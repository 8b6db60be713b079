import { expect, test } from "vitest";

import type { JsonObject, JsonValue } from "../json.ts";
import type { ToolAdapter } from "../tool-adapter.ts";
import { createToolRegistry } from "../tool-registry.ts";
import type { ToolRegistry } from "../tool-registry.ts";
import { toolResultToValue } from "../tool-result.ts";

/** What the suite needs to know of an adapter. Tools are named as the server names them. */
export interface AdapterConformanceOptions {
  /** For the test titles. */
  readonly name: string;
  /** A fresh adapter of the given server name, each time. */
  readonly createAdapter: (server: string) => ToolAdapter | Promise<ToolAdapter>;
  /** A call that succeeds, and the value a program gets. */
  readonly works: { readonly tool: string; readonly args: JsonObject; readonly value: JsonValue };
  /** A call that the tool refuses, and a part of its message. */
  readonly fails: { readonly tool: string; readonly args: JsonObject; readonly message: string };
  /** A call that takes at least five seconds unless it is cancelled. */
  readonly waits?: { readonly tool: string; readonly args: JsonObject };
}

const SERVER = "conformance";

/** Registers tests of everything a registry relies on. Call it at the top of a vitest file. */
export function testAdapterConformance(options: AdapterConformanceOptions): void {
  const withRegistry = async (use: (registry: ToolRegistry) => Promise<void>): Promise<void> => {
    await using registry = createToolRegistry();
    registry.addAdapter(await options.createAdapter(SERVER));
    const status = await registry.discover(SERVER);
    expect(status).toMatchObject({ name: SERVER, status: "connected" });
    await use(registry);
  };

  testListing(options, withRegistry);
  testCalls(options, withRegistry);
  testLifetime(options);
}

type WithRegistry = (use: (registry: ToolRegistry) => Promise<void>) => Promise<void>;

function testListing({ name, works }: AdapterConformanceOptions, withRegistry: WithRegistry): void {
  test(`${name}: every tool bears its server's name and a name of its own`, () =>
    withRegistry((registry) => {
      const tools = registry.list({ includeDeferred: true });
      expect(tools.length).toBeGreaterThan(0);
      for (const tool of tools) {
        expect(tool.server).toBe(SERVER);
        expect(tool.canonicalName).toBe(`${SERVER}.${tool.name}`);
      }
      expect(registry.get(`${SERVER}.${works.tool}`)).toBeDefined();
      return Promise.resolve();
    }));

  test(`${name}: listing again gives the same tools`, () =>
    withRegistry(async (registry) => {
      const before = registry.list({ includeDeferred: true });

      await registry.discover(SERVER);

      expect(registry.list({ includeDeferred: true })).toEqual(before);
    }));

  test(`${name}: a check of a working server succeeds`, () =>
    withRegistry(async (registry) => {
      expect(await registry.checkServer(SERVER)).toMatchObject({ connected: true });
    }));
}

async function call(
  registry: ToolRegistry,
  target: { readonly tool: string; readonly args: JsonObject },
  signal: AbortSignal = AbortSignal.timeout(60_000),
): Promise<JsonValue> {
  const tool = `${SERVER}.${target.tool}`;
  const request = { tool, args: target.args, callId: "call-1", executionId: "execution-1" };
  const result = await registry.callTool(request, { signal });
  return toolResultToValue(result, registry.get(tool) ?? { canonicalName: tool });
}

function testCalls(options: AdapterConformanceOptions, withRegistry: WithRegistry): void {
  const { name, works, fails, waits } = options;
  test(`${name}: a call gives the tool's value`, () =>
    withRegistry(async (registry) => {
      expect(await call(registry, works)).toEqual(works.value);
    }));

  test(`${name}: calls run at the same time and keep their answers apart`, () =>
    withRegistry(async (registry) => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => call(registry, works)));
      expect(answers).toEqual(Array.from({ length: 20 }, () => works.value));
    }));

  test(`${name}: a tool's own failure says what the tool said, and the next call works`, () =>
    withRegistry(async (registry) => {
      await expect(call(registry, fails)).rejects.toMatchObject({
        name: "CodemodeError",
        tool: `${SERVER}.${fails.tool}`,
        message: expect.stringContaining(fails.message),
      });
      expect(await call(registry, works)).toEqual(works.value);
    }));

  test(`${name}: an unknown tool is refused by name`, () =>
    withRegistry(async (registry) => {
      await expect(call(registry, { tool: "no-such-tool", args: {} })).rejects.toMatchObject({
        code: "TOOL_NOT_FOUND",
        message: expect.stringContaining("no-such-tool"),
      });
    }));

  test.runIf(waits)(`${name}: a cancelled call ends at once, and the next one works`, () =>
    withRegistry(async (registry) => {
      const target = waits ?? works;
      const controller = new AbortController();
      const pending = call(registry, target, controller.signal);
      setTimeout(() => controller.abort(), 50);

      await expect(pending).rejects.toMatchObject({ code: "CANCELLED" });

      expect(await call(registry, works)).toEqual(works.value);
    }),
  );
}

function testLifetime({ name, createAdapter }: AdapterConformanceOptions): void {
  test(`${name}: disposing twice is fine, with and without a connection`, async () => {
    const unused = await createAdapter(SERVER);
    await unused[Symbol.asyncDispose]();

    const used = await createAdapter(SERVER);
    await used.listTools({ signal: AbortSignal.timeout(60_000) });
    await used[Symbol.asyncDispose]();
    await expect(used[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
}
