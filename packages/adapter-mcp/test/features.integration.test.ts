import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import type { McpAdapterOptions } from "../src/index.ts";
import { createFeatureServer } from "./fixtures/feature-server.ts";
import { serveModern } from "./fixtures/modern-http.ts";
import { fixture, script, withServer } from "./support.ts";

const manifest = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/package.json",
);
const everything = script(join(dirname(manifest), "dist/index.js"));

test("resources and prompts of a server of the first generation are functions", () =>
  withServer({ name: "all", ...everything }, async (call, names) => {
    expect(names).toEqual(
      expect.arrayContaining([
        "prompts.get",
        "prompts.list",
        "resources.list",
        "resources.read",
        "resources.templates",
      ]),
    );
    expect(await call("resources.list")).toMatchObject({
      resources: expect.arrayContaining([
        expect.objectContaining({ uri: "demo://resource/static/document/architecture.md" }),
      ]),
    });
    expect(await call("resources.templates")).toMatchObject({
      resourceTemplates: expect.arrayContaining([
        expect.objectContaining({ uriTemplate: "demo://resource/dynamic/text/{resourceId}" }),
      ]),
    });
    expect(await call("resources.read", { uri: "demo://resource/dynamic/text/1" })).toEqual({
      contents: [expect.objectContaining({ text: expect.stringContaining("Resource 1") })],
    });
    expect(await call("prompts.list")).toMatchObject({
      prompts: expect.arrayContaining([expect.objectContaining({ name: "args-prompt" })]),
    });
    expect(
      await call("prompts.get", { name: "args-prompt", arguments: { city: "Bonn" } }),
    ).toMatchObject({
      messages: [{ role: "user", content: { text: expect.stringContaining("Bonn") } }],
    });
    await expect(call("prompts.get", { name: "nothing" })).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
      tool: "all.prompts.get",
    });
  }));

const stdio = fixture("feature-stdio.ts");

test.each([
  ["stdio", "2025-11-25", (): object => ({ ...stdio, protocolEra: "legacy" })],
  ["stdio", "2026-07-28", (): object => ({ ...stdio, protocolEra: "auto" })],
  ["HTTP", "2025-11-25", (url: string): object => ({ url, protocolEra: "legacy" })],
  ["HTTP", "2026-07-28", (url: string): object => ({ url, protocolEra: "auto" })],
])(
  "over %s in revision %s a tool of its own goes before a function of that name",
  async (_, __, at) => {
    await using server = await serveModern(createFeatureServer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of the rows above
    const options = { name: "own", ...at(server.url) } as McpAdapterOptions;
    await withServer(options, async (call, names) => {
      expect(names.toSorted()).toEqual([
        "prompts",
        "prompts.get",
        "prompts.list",
        "resources.list",
        "resources.read",
        "resources.templates",
      ]);
      expect(await call("resources.list")).toBe("own");
      expect(await call("prompts")).toBe("tool");
      expect(await call("resources.read", { uri: "note://two" })).toEqual({
        contents: [{ uri: "note://two", mimeType: "text/plain", text: "text of two" }],
      });
      expect(await call("resources.templates")).toMatchObject({
        resourceTemplates: [{ uriTemplate: "day://{date}" }],
      });
      expect(await call("prompts.get", { name: "greet" })).toMatchObject({
        messages: [{ content: { text: "hello" } }],
      });
      await expect(call("resources.read", { uri: "note://four" })).rejects.toMatchObject({
        code: "INVALID_ARGUMENTS",
        message: expect.stringContaining("note://four"),
      });
    });
  },
);
