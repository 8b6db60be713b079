import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";

import type { JsonObject, JsonValue } from "@codemode/core";
import { createToolRegistry, toolResultToValue } from "@codemode/core";
import { UtcpClient } from "@utcp/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

import { createUtcpAdapter } from "../src/index.ts";

let origin = "";
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const documents: Record<string, () => unknown> = { "/utcp": manual, "/openapi.json": openapi };
    const document = documents[url.pathname];
    response.setHeader("content-type", "application/json");
    const said = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: Buffer.concat(chunks).toString(),
      key: backwards(request.headers["x-api-key"]),
      authorization: backwards(request.headers.authorization),
      trace: request.headers["x-trace"] ?? null,
      type: request.headers["content-type"] ?? null,
    };
    response.end(JSON.stringify(document ? document() : said));
  });
});

/** A key as it was sent, but not word for word: that would be taken out of the answer. */
function backwards(key: string | readonly string[] | undefined): string | null {
  return typeof key === "string" ? Array.from(key).toReversed().join("") : null;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is no text
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Each registers itself.
  await Promise.all([import("@utcp/http"), import("@utcp/mcp"), import("@utcp/text")]);
});

beforeEach(() => {
  // The reference client tells all it does.
  for (const method of ["log", "warn", "error"] as const)
    vi.spyOn(console, method).mockImplementation(() => undefined);
});

afterAll(() => void server.close());

function manual(): unknown {
  const http = { call_template_type: "http", content_type: "application/json" };
  return {
    utcp_version: "1.0.1",
    manual_version: "1.0.0",
    tools: [
      {
        name: "get_user",
        description: "One user",
        inputs: {
          type: "object",
          properties: { id: { type: "string" }, verbose: { type: "boolean" } },
          required: ["id"],
        },
        outputs: { type: "object", properties: { path: { type: "string" } } },
        tags: ["users"],
        tool_call_template: { ...http, http_method: "GET", url: `${origin}/users/{id}` },
      },
      {
        name: "add_user",
        description: "Adds a user",
        inputs: {
          type: "object",
          properties: { user: { type: "object" }, "X-Trace": { type: "string" }, dry: {} },
        },
        outputs: {},
        tags: [],
        tool_call_template: {
          ...http,
          http_method: "POST",
          url: `${origin}/users`,
          body_field: "user",
          header_fields: ["X-Trace"],
          auth: { auth_type: "api_key", api_key: "${KEY}", var_name: "X-Api-Key" },
        },
      },
      {
        name: "delete_user",
        description: "",
        inputs: { type: "object", properties: { id: { type: "integer" } } },
        outputs: {},
        tags: [],
        tool_call_template: {
          ...http,
          http_method: "DELETE",
          url: `${origin}/users/{id}`,
          auth: { auth_type: "basic", username: "ada", password: "$PASSWORD" },
        },
      },
    ],
  };
}

function openapi(): unknown {
  const operation = {
    operationId: "getPet",
    summary: "One pet",
    tags: ["pets"],
    parameters: [
      { name: "id", in: "path", required: true, schema: { type: "string" } },
      { name: "fields", in: "query", schema: { type: "string" } },
    ],
    responses: { 200: { description: "ok", content: { "application/json": { schema: {} } } } },
  };
  const body = { content: { "application/json": { schema: { type: "object" } } }, required: true };
  return {
    openapi: "3.0.0",
    info: { title: "Pets", version: "1" },
    servers: [{ url: `${origin}/v1` }],
    paths: {
      "/pets/{id}": { get: operation },
      "/pets": { post: { operationId: "addPet", requestBody: body, responses: {} } },
    },
  };
}

interface Both {
  readonly template: JsonObject & { readonly name: string };
  readonly variables?: Readonly<Record<string, string>>;
}

/** Names and calls of one manual, by the reference client and by ours. */
async function both({ template, variables = {} }: Both): Promise<{
  readonly names: readonly [readonly string[], readonly string[]];
  readonly call: (tool: string, args: JsonObject, own?: string) => Promise<readonly JsonValue[]>;
  readonly close: () => Promise<void>;
}> {
  const configured = { manual_call_templates: [structuredClone(template)], variables };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types want what its schema fills in
  const theirs = await UtcpClient.create(process.cwd(), configured as never);
  const registry = createToolRegistry();
  const source = { get: (name: string) => variables[name], places: "the test" };
  registry.addAdapter(createUtcpAdapter({ template, variables: source }));
  const [status] = await registry.discoverAll();
  if (status?.status === "failed") throw new Error(JSON.stringify(status));
  const ours = registry.list();
  return {
    names: [
      (await theirs.getTools()).map(({ name }) => name).toSorted(),
      ours.map(({ canonicalName }) => canonicalName).toSorted(),
    ],
    async call(tool, args, own = tool) {
      const definition = ours.find(({ canonicalName }) => canonicalName === own);
      if (!definition) throw new Error(`${own} is not there`);
      const call = { tool: own, args, callId: "c", executionId: "e" };
      const result = await registry.callTool(call, { signal: AbortSignal.timeout(60_000) });
      return [await theirs.callTool(tool, { ...args }), toolResultToValue(result, definition)];
    },
    async close() {
      await theirs.close();
      await registry[Symbol.asyncDispose]();
    },
  };
}

describe("the reference client and the adapter agree on", () => {
  test("a manual from the web: its tools, paths, queries, bodies, headers and keys", async () => {
    const variables = { web_KEY: "key-123456", web_PASSWORD: "secret-word" };
    const template = {
      name: "web",
      call_template_type: "http",
      http_method: "GET",
      url: `${origin}/utcp`,
    };
    const { names, call, close } = await both({ template, variables });

    const calls = [
      await call("web.get_user", { id: "a b/c", verbose: true }),
      await call("web.add_user", { user: { name: "Ada" }, "X-Trace": "t1", dry: "yes" }),
      await call("web.delete_user", { id: 7 }),
    ];

    expect(names[1]).toEqual(names[0]);
    for (const [theirs, ours] of calls) expect(ours).toEqual(theirs);
    expect(calls[1]?.[1]).toMatchObject({ key: "654321-yek", trace: "t1", query: { dry: "yes" } });
    await close();
  });

  test("an OpenAPI document that stands where a manual may stand", async () => {
    const template = {
      name: "pets",
      call_template_type: "http",
      http_method: "GET",
      url: `${origin}/openapi.json`,
    };
    const { names, call, close } = await both({ template });

    const got = await call("pets.getPet", { id: "7", fields: "name" });
    const added = await call("pets.addPet", { body: { name: "Tom" } });

    expect(names[1]).toEqual(names[0]);
    expect(got[1]).toEqual(got[0]);
    expect(added[1]).toEqual(added[0]);
    await close();
  });

  test("a manual and an OpenAPI document that are texts", async () => {
    const content = JSON.stringify(manual());
    const template = {
      name: "text_manual",
      call_template_type: "text",
      content,
      allowed_communication_protocols: ["http"],
    };
    const { names, call, close } = await both({
      template,
      variables: { text__manual_KEY: "k", text__manual_PASSWORD: "p" },
    });

    const got = await call("text_manual.get_user", { id: "1" });

    expect(names[1]).toEqual(names[0]);
    expect(got[1]).toEqual(got[0]);
    await close();
  });

  test("an MCP server, whose tools lose its name where it is the only one", async () => {
    const manifest = createRequire(import.meta.url).resolve(
      "@modelcontextprotocol/server-memory/package.json",
    );
    const { bin }: { bin: Record<string, string> } = JSON.parse(readFileSync(manifest, "utf8"));
    const script = join(dirname(manifest), Object.values(bin)[0] ?? "");
    const memory = { transport: "stdio", command: process.execPath, args: [script] };
    const template = { name: "kb", call_template_type: "mcp", config: { mcpServers: { memory } } };
    const { names, call, close } = await both({ template });

    const read = await call("kb.memory.search_nodes", { query: "nobody" }, "kb.search_nodes");

    const own = names[1].filter((name) => !name.startsWith("kb.resources."));
    expect(own).toEqual(names[0].map((name) => name.replace("kb.memory.", "kb.")));
    expect(read[1]).toEqual(read[0]);
    await close();
  });
});
