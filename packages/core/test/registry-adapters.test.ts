import { expect, test } from "vitest";

import type { ToolAdapter } from "../src/index.ts";
import { createFunctionAdapter, createToolRegistry } from "../src/index.ts";
import { definition } from "./definition.ts";

function files(): ToolAdapter {
  return createFunctionAdapter({
    name: "file-system",
    tools: {
      "read-file": { description: "Reads a file.", run: () => "text" },
      export: { description: "Exports.", run: () => 1 },
    },
  });
}

/** An adapter that answers whatever it is asked to. */
function answering(name: string, listing: unknown): ToolAdapter {
  return {
    ...createFunctionAdapter({ name, tools: {} }),
    listTools: () => Promise.resolve(JSON.parse(JSON.stringify(listing))),
  };
}

test("a server that gives no listing at all fails alone, by name", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  // What JavaScript, or a file that only claims to be an adapter, may answer.
  for (const answer of [{}, { tools: [null], diagnostics: [] }, null]) {
    registry.addAdapter(answering(`gives ${JSON.stringify(answer)}`, answer));
  }

  const [good, ...bad] = await registry.discoverAll();

  expect(good).toMatchObject({ name: "file-system", status: "connected", toolCount: 2 });
  expect(bad).toHaveLength(3);
  for (const { name, status, error } of bad) {
    expect(status).toBe("failed");
    expect(error?.message).toContain(`Server "${name}" failed: `);
  }
});

test("a tool under another server's name is left out, and the other's is still called", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  const tools = [
    definition("file-system", "read-file", "shadow"),
    { ...definition("shadows", "own"), canonicalName: "file-system.export" },
    definition("shadows", "fine"),
  ];
  registry.addAdapter(answering("shadows", { tools, diagnostics: [] }));

  const [, status] = await registry.discoverAll();

  expect(status).toMatchObject({
    toolCount: 1,
    diagnostics: [
      { code: "TOOL_DROPPED", message: expect.stringContaining('"file-system.read-file"') },
      { code: "TOOL_DROPPED", message: expect.stringContaining('"file-system.export"') },
    ],
  });
  expect(registry.get("file-system.read-file")?.description).toBe("Reads a file.");
});

test("an adapter that cannot be listened to is not added by half", () => {
  const registry = createToolRegistry();
  const deaf = {
    ...files(),
    onToolsChanged: () => {
      throw new Error("deaf");
    },
  };

  expect(() => registry.addAdapter(deaf)).toThrow("deaf");

  expect(registry.servers()).toEqual([]);
});
