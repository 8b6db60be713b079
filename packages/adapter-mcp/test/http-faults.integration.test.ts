import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { createMcpAdapter } from "../src/index.ts";
import type { Fault } from "./fixtures/fault-server.ts";
import { connect, reject, run, soon, startFaultServer } from "./fixtures/fault-server.ts";
import { endOfConnections } from "./support.ts";

const BODIES = [
  [
    "JSON-RPC",
    '{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"no thanks"}}',
    "no thanks",
  ],
  ["HTML", "<!DOCTYPE html><html><head><title>Oh no</title></head><body>x</body></html>", "Oh no"],
  ["an empty body", "", ""],
] as const;

const STATUSES = [
  [400, 'Check its "url" and its "headers", or set its "type" to "sse", or look into its log.'],
  [401, 'Add "headers": { "Authorization": "Bearer ${YOUR_TOKEN}" } to it.'],
  [
    403,
    'If it wants credentials, add "headers": { "Authorization": "Bearer ${YOUR_TOKEN}" } to it.',
  ],
  [404, 'has nothing at the path "/mcp"'],
  [405, 'Set its "type" to "sse", or correct its "url".'],
  [406, 'Set its "type" to "sse", or correct its "url".'],
  [415, 'Set its "type" to "sse", or correct its "url".'],
  [429, "Try again in 7 s."],
  [500, "Look into its log, or try again."],
  [502, "Check that it runs behind its gateway, or try again."],
  [503, "Try again in 7 s."],
] as const;

const REFUSALS = STATUSES.flatMap(([status, step]) =>
  BODIES.map(([kind, body, said]) => {
    const code = `(HTTP ${status}${said === "" ? "" : `: ${said}`})`;
    return { status, step, kind, body, code };
  }),
);

test.each(REFUSALS)(
  "HTTP $status with $kind is one typed error with its next step",
  async ({ status, step, body, code }) => {
    await using server = await startFaultServer();
    const fault = reject(status, body, { "retry-after": "7" });
    server.faults.set("*", fault);
    await using connecting = connect(server.url);
    const retryable = status === 429 || status >= 500;

    const listing: unknown = await connecting.listTools(soon()).catch((error: unknown) => error);
    server.faults.clear();
    server.faults.set("POST tools/call", fault);
    await using calling = connect(server.url);
    const call: unknown = await run(calling).catch((error: unknown) => error);

    for (const error of [listing, call]) {
      expect(error).toMatchObject({ code: "SERVER_UNAVAILABLE", retryable, details: { status } });
      expect(String(error)).toContain('Server "web" ');
      expect(String(error)).toContain(code);
      expect(String(error)).toContain(step);
    }
    expect(call).toMatchObject({ tool: "web.run" });
    expect(String(call)).toContain(
      status < 500 ? '"web.run" was not run.' : 'Whether "web.run" took effect is not known',
    );
  },
);

test.each(REFUSALS)(
  "HTTP $status with $kind is told too where the transport and the revision are to be found out",
  async ({ status, body, code }) => {
    await using server = await startFaultServer();
    server.faults.set("*", reject(status, body));
    await using adapter = createMcpAdapter({ name: "web", url: server.url });

    await expect(adapter.listTools(soon())).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      message: expect.stringContaining(code),
    });
  },
);

test("what is given as a credential is named when it is refused, not shown", async () => {
  await using server = await startFaultServer();
  server.faults.set("*", reject(401, "bad token sk-123456789", { "www-authenticate": "Basic" }));
  const headers = { "X-Trace": "on", Authorization: "Bearer sk-123456789" };
  await using adapter = connect(server.url, { headers });
  await using bare = connect(server.url);

  await expect(adapter.listTools(soon())).rejects.toThrow(
    /^Server "web" asks for credentials at \S+ \(HTTP 401: bad token \[secret\]\)\. Check "Authorization" of its "headers", and the variables that the value is made of\.$/,
  );
  await expect(bare.listTools(soon())).rejects.toThrow('"Authorization": "Basic ${YOUR_TOKEN}"');
});

test("a call that met no server was not run; one whose connection broke may have been", async () => {
  const server = await startFaultServer();
  await using adapter = connect(server.url);
  await adapter.listTools(soon());

  server.faults.set("POST tools/call", (response) => void response.socket?.resetAndDestroy());
  const broken: unknown = await run(adapter).catch((error: unknown) => error);
  await adapter.listTools(soon());
  await server[Symbol.asyncDispose]();
  await endOfConnections();
  const refused: unknown = await run(adapter).catch((error: unknown) => error);

  expect(broken).toMatchObject({ code: "SERVER_UNAVAILABLE", retryable: true, tool: "web.run" });
  expect(String(broken)).toMatch(
    /broke off the connection.*Whether "web\.run" took effect is not known/,
  );
  expect(refused).toMatchObject({ code: "SERVER_UNAVAILABLE", retryable: true, tool: "web.run" });
  expect(String(refused)).toMatch(/cannot be reached at .*ECONNREFUSED.*"web\.run" was not run\.$/);
  expect(String(refused)).not.toContain("not known");
});

const event = (id: unknown, text: string): string =>
  `data: ${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } })}\n\n`;
const asStream = { "content-type": "text/event-stream" };
const asJson = { "content-type": "application/json" };
const long = "x".repeat(200_000);

const TOO_LONG: readonly (readonly [string, Fault])[] = [
  ["an event", (response, { id }) => void response.writeHead(200, asStream).end(event(id, long))],
  [
    "an event of a stream that can be taken up again",
    (response, { id }) =>
      void response.writeHead(200, asStream).end(`id: 1\ndata: \n\nid: 2\n${event(id, long)}`),
  ],
  [
    "a JSON answer",
    (response, { id }) => void response.writeHead(200, asJson).end(event(id, long).slice(6)),
  ],
  [
    "an answer that is small while it is compressed",
    (response, { id }) =>
      void response
        .writeHead(200, { ...asJson, "content-encoding": "gzip" })
        .end(gzipSync(event(id, "x".repeat(50_000_000)).slice(6))),
  ],
];

test.each(TOO_LONG)("%s over the limit says so and names the key", async (_what, fault) => {
  await using server = await startFaultServer();
  server.faults.set("POST tools/call", fault);
  await using adapter = connect(server.url, { maxMessageBytes: 100_000, timeoutMs: 60_000 });

  await expect(run(adapter)).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    tool: "web.run",
    message: expect.stringMatching(
      /over 100000 bytes\. .*raise the server's "max_message_bytes"\.$/,
    ),
  });

  expect(server.seen.filter((name) => name.startsWith("GET"))).toHaveLength(1);
  server.faults.clear();
  expect(await run(adapter)).toMatchObject({ content: [{ text: "fine" }] });
});

const HANGS: readonly (readonly [string, Fault])[] = [
  ["a body that does not come", (response) => response.writeHead(200, asJson).flushHeaders()],
  [
    "a stream without the answer",
    (response) => void response.writeHead(200, asStream).write(": hello\n\n"),
  ],
];

test.each(HANGS)("%s ends with the time limit of the call", async (_what, fault) => {
  await using server = await startFaultServer();
  server.faults.set("POST tools/call", fault);
  await using adapter = connect(server.url, { timeoutMs: 300 });

  await expect(run(adapter)).rejects.toMatchObject({ code: "TOOL_TIMEOUT", tool: "web.run" });
});

test("a page that quotes the fault is quoted; the other transport is named where one was asked for", async () => {
  await using server = await startFaultServer();
  const page = "<!DOCTYPE html><title>Error</title><body><pre>Cannot POST /mcp</pre></body>";
  server.faults.set("*", reject(404, page));
  await using adapter = connect(server.url, { type: "sse" });
  await using other = connect(server.url);

  await expect(adapter.listTools(soon())).rejects.toThrow('or set its "type" to "http".');
  await expect(other.listTools(soon())).rejects.toThrow(
    `(HTTP 404: Cannot POST /mcp). Correct its "url", which is ${server.url}, or set its "type" to "sse".`,
  );
});

test("TLS where none is spoken is named in one line", async () => {
  await using server = await startFaultServer();
  await using adapter = connect(server.url.replace("http:", "https:"));

  await expect(adapter.listTools(soon())).rejects.toThrow(
    /\(ERR_SSL_\w+: no TLS is spoken there, so its URL may begin with http:\)\. [^\n]*$/,
  );
});

test("an error whose body does not end is told by its status", async () => {
  await using server = await startFaultServer();
  server.faults.set("POST tools/call", (response) => void response.writeHead(500).write("half a "));
  await using adapter = connect(server.url);

  await expect(run(adapter)).rejects.toThrow("(HTTP 500: half a)");
});

test("credentials do not follow a redirect to another host", async () => {
  const strangers: unknown[] = [];
  const stranger = createServer((request, response) => {
    strangers.push(request.headers);
    response.end();
  });
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const address = stranger.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await using server = await startFaultServer();
  const location = `http://127.0.0.1:${port}/mcp?next=1`;
  for (const status of [302, 307, 308]) {
    server.faults.set("*", reject(status, "", { location }));
    const adapter = connect(server.url, { headers: { Authorization: "Bearer sk-123456789" } });
    // oxlint-disable-next-line no-await-in-loop -- one server answers them in turn
    await expect(adapter.listTools(soon())).rejects.toThrow(
      `redirects from ${server.url} to http://127.0.0.1:${port}/mcp (HTTP ${status}), which is not followed`,
    );
  }
  stranger.close();

  expect(strangers).toEqual([]);
});

test.each([
  [
    "text in the place of JSON",
    (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>hi"),
    "Unexpected content type",
  ],
  [
    "half an answer",
    (response) => void response.writeHead(200, asJson).end('{"jsonrpc":"2.0","id":1,"res'),
    "JSON",
  ],
] as const satisfies readonly (readonly [string, Fault, string])[])(
  "%s is a broken protocol, when connecting and in a call",
  async (_what, fault, said) => {
    await using server = await startFaultServer();
    await using adapter = connect(server.url);
    server.faults.set("POST initialize", fault);
    await expect(adapter.listTools(soon())).rejects.toMatchObject({
      code: "SERVER_PROTOCOL",
      message: expect.stringContaining(said),
    });
    server.faults.clear();
    server.faults.set("POST tools/call", fault);

    await expect(run(adapter)).rejects.toMatchObject({
      code: "SERVER_PROTOCOL",
      tool: "web.run",
      message: expect.stringContaining(said),
    });
  },
);
