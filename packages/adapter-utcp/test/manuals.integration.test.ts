import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { createVariableSource } from "../src/index.ts";
import { openManual, serve, textManual } from "./support.ts";

describe("streams", () => {
  test("events are a list of their data, of one type where one is named", async () => {
    await using server = await serve((_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.end(
        'event: a\ndata: {"n":1}\n\ndata: two\ndata: lines\r\n\r\nevent: a\ndata: 3\n\n: note\n\n',
      );
    });
    const sse = { call_template_type: "sse", url: `${server.origin}/events` };
    await using manual = await openManual(
      textManual(
        [
          { name: "all", tool_call_template: sse },
          { name: "some", tool_call_template: { ...sse, event_type: "a" } },
        ],
        ["sse"],
      ),
    );

    const values = [await manual.call("local.all"), await manual.call("local.some")];

    expect(values).toEqual([
      [{ n: 1 }, "two\nlines", 3],
      [{ n: 1 }, 3],
    ]);
  });

  test("lines of JSON are a list, other texts stay one", async () => {
    await using server = await serve((request, response) => {
      const isLines = request.url === "/lines";
      response.setHeader("content-type", isLines ? "application/x-ndjson" : "text/plain");
      response.write(isLines ? '{"n":1}\n{"n"' : "one ");
      setTimeout(() => response.end(isLines ? ":2}\n" : "two"), 5);
    });
    const stream = { call_template_type: "streamable_http", http_method: "GET" };
    await using manual = await openManual(
      textManual(
        ["lines", "text"].map((name) => ({
          name,
          tool_call_template: { ...stream, url: `${server.origin}/${name}` },
        })),
        ["streamable_http"],
      ),
    );

    const values = [await manual.call("local.lines"), await manual.call("local.text")];

    expect(values).toEqual([[{ n: 1 }, { n: 2 }], "one two"]);
  });
});

test("aliases that grow without end are refused, in a manual and in an answer", async () => {
  const rows = [
    "a0: &a0 [x]",
    ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]`),
  ];
  await using server = await serve((_request, response) => {
    response.setHeader("content-type", "application/yaml");
    response.end(rows.join("\n"));
  });
  const template = { call_template_type: "http", url: `${server.origin}/data` };
  await using web = await openManual({ name: "local", ...template });
  await using text = await openManual(
    textManual([{ name: "get", tool_call_template: template }], ["http"]),
  );

  expect(web.status).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("no end or too many of them") },
  });
  await expect(text.call("local.get")).rejects.toThrow(
    'Tool "local.get" failed: its answer cannot be read (its parts hold each other',
  );
});

test("a manual from the web leads nobody into this machine, by redirects or by what it describes", async () => {
  await using inner = await serve((_request, response) => response.end("secret of this machine"));
  await using outer = await serve((request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.url === "/moved") response.writeHead(302, { location: inner.origin });
    const template = { call_template_type: "http", url: `${inner.origin}/x` };
    response.end(
      JSON.stringify({ utcp_version: "1", tools: [{ name: "get", tool_call_template: template }] }),
    );
  });
  const http = { call_template_type: "http" };
  await using moved = await openManual({ name: "moved", ...http, url: `${outer.origin}/moved` });
  await using manual = await openManual({ name: "web", ...http, url: `${outer.origin}/utcp` });

  expect(moved.status?.error?.message).toContain('Manual "moved" cannot be loaded');
  await expect(manual.call("web.get")).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.not.stringContaining("secret of"),
  });
});

describe("variables", () => {
  test("one without a value is named with every place where it can be set", async () => {
    const folder = await mkdtemp(join(tmpdir(), "utcp-"));
    await writeFile(join(folder, ".env"), "my__api_OTHER=x\n");
    const variables = createVariableSource({
      folder,
      dotenvFiles: [".env"],
      env: { TOKEN: "plain" },
    });
    await using manual = await openManual(
      { name: "my_api", call_template_type: "http", url: "http://127.0.0.1:1/${TOKEN}/$OTHER" },
      { variables },
    );

    expect(manual.status?.error).toMatchObject({
      code: "VARIABLE_UNSET",
      message:
        'Variable my__api_TOKEN of manual "my_api" is not set. Set it in "variables", the file ".env" or the environment. TOKEN is set, but a manual reads only variables that begin with its name.',
    });
  });

  test("of a tool are asked for when it is called, and cost no other tool anything", async () => {
    await using server = await serve((request, response) => response.end(request.url));
    const url = `${server.origin}/x`;
    const tools = [
      { name: "bad", tool_call_template: { call_template_type: "http", url: `${url}/$MISSING` } },
      { name: "good", tool_call_template: { call_template_type: "http", url } },
    ];
    await using manual = await openManual(textManual(tools, ["http"]));

    const value = await manual.call("local.good");

    expect(value).toBe("/x");
    await expect(manual.call("local.bad")).rejects.toMatchObject({
      code: "VARIABLE_UNSET",
      message: expect.stringContaining("local_MISSING"),
    });
  });
});

describe("what is wrong with a manual is told with its name", () => {
  test.each([
    [{ call_template_type: "file", file_path: "none.json" }, 'the file "none.json" is not there'],
    [{ call_template_type: "http", url: "http://127.0.0.1:4/utcp" }, "ECONNREFUSED"],
    [{ call_template_type: "text", content: "{]" }, "is no valid JSON or YAML"],
    [{ call_template_type: "text", content: "hello: 1" }, "is neither a UTCP manual"],
    [{ call_template_type: "grpc" }, '"grpc" is no type of call'],
    [{ call_template_type: "http" }, "url: is missing"],
    [{ call_template_type: "text", content: 5 }, "content: must be a string, not a number"],
    [{}, 'it has no "call_template_type"'],
  ])("%j", async (template, what) => {
    await using manual = await openManual({ name: "broken", ...template });

    expect(manual.status).toMatchObject({ status: "failed" });
    expect(manual.status?.error?.message).toContain('anual "broken"');
    expect(manual.status?.error?.message).toContain(what);
  });

  test("a broken tool, a repeated one, and one of a type that was not allowed", async () => {
    const tools = [
      { name: "good", tool_call_template: { call_template_type: "text", content: "fine" } },
      { name: "local.good", tool_call_template: { call_template_type: "text", content: "again" } },
      { name: "shell", tool_call_template: { call_template_type: "cli", commands: [] } },
      { name: "none" },
    ];
    await using manual = await openManual(textManual(tools, ["text"]));

    const value = await manual.call("local.good");

    expect(value).toBe("fine");
    expect(manual.names).toEqual(["local.good"]);
    const messages = manual.status?.diagnostics.map(({ message }) => message).join("\n") ?? "";
    expect(messages).toContain('Tool "good" of manual "local" is left out: another one');
    expect(messages).toContain('Add "cli" to its "allowed_communication_protocols"');
    expect(messages).toContain("tool_call_template");
  });
});

test.each(["file", "text"])(
  "a %s is a manual as JSON or YAML, and a tool that is its text",
  async (type) => {
    const folder = await mkdtemp(join(tmpdir(), "utcp-"));
    const yaml = `utcp_version: "1.0.1"\ntools:\n  - name: notes\n    tool_call_template: { call_template_type: ${type}, file_path: notes.txt }\n`;
    await writeFile(join(folder, "manual.yaml"), yaml);
    await writeFile(join(folder, "notes.txt"), "[1]");
    const template = { name: "files", call_template_type: type, file_path: "manual.yaml" };
    await using manual = await openManual(template, { folder });

    const value = await manual.call("files.notes");

    expect(value).toBe("[1]");
  },
);

test("post-processors change values, and the promise of an output goes", async () => {
  await using server = await serve((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify([{ id: 1, name: "long name", more: { id: 2, x: [] } }, { x: 1 }]));
  });
  const tool = { call_template_type: "http", url: server.origin };
  const tools = [{ name: "get", outputs: { type: "array" }, tool_call_template: tool }];
  await using manual = await openManual(textManual(tools, ["http"]), {
    postProcessing: [
      { tool_post_processor_type: "filter_dict", only_include_keys: ["id", "name"] },
      { tool_post_processor_type: "limit_strings", limit: 4, exclude_tools: ["local.other"] },
    ],
  });

  const value = await manual.call("local.get");

  expect(value).toEqual([{ id: 1, name: "long", more: { id: 2 } }]);
});
