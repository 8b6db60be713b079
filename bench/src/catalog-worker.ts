// Measures a catalog of 10,000 tools on 100 servers. Prints one line of JSON, in microseconds.
import type { ToolAdapter, ToolDefinition } from "@codemode/core";
import { createToolRegistry } from "@codemode/core";
import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import { createSession } from "@codemode/session";

const inputSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "Which one" },
    limit: { type: "integer", default: 10 },
  },
  required: ["id"],
};

function server(number: number): ToolAdapter {
  const name = `server-${number}`;
  const tools = Array.from({ length: 100 }, (_, tool): ToolDefinition => ({
    server: name,
    name: `get-thing-${tool}`,
    canonicalName: `${name}.get-thing-${tool}`,
    description: `Gets thing ${tool} of the system number ${number}, with filters and pages.`,
    inputSchema,
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags: [],
    meta: {},
  }));
  return {
    name,
    transport: "bench",
    listTools: () => Promise.resolve({ tools, diagnostics: [] }),
    callTool: () => Promise.resolve({ content: [] }),
    check: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) * 1_000;
}

await using registry = createToolRegistry();
for (let number = 0; number < 100; number += 1) registry.addAdapter(server(number));
await registry.discoverAll();
await using sandbox = createLocalEvalSandbox();
await using session = createSession({ registry, sandbox });

const figures = {
  bindings: timed(() => registry.bindings()),
  firstSearch: timed(() => session.searchTools("thing 42 with filters")),
  nextSearch: timed(() => session.searchTools("pages of system number 7")),
  lookup: timed(() => registry.get("server_7.get_thing_42")),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
