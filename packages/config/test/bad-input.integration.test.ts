import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createFunctionAdapter } from "@codemode/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ConfigSession } from "../src/index.ts";
import { createSessionFromConfig } from "../src/index.ts";

let opened: ConfigSession;
beforeAll(async () => {
  opened = await createSessionFromConfig({
    cwd: import.meta.dirname,
    env: {},
    overrides: {
      memory_limit_mb: 64,
      limits: { compute_ms: 2_000 },
      mcpServers: {
        files: { command: "no-such-command" },
        // Nothing listens there.
        web: { url: "http://127.0.0.1:1/mcp" },
      },
    },
  });
  const adapter = createFunctionAdapter({
    name: "math",
    tools: {
      add: {
        description: "Adds.",
        input: {
          type: "object",
          properties: { a: { type: "number" }, b: { type: "number" } },
          required: ["a", "b"],
        },
        run: () => 3,
      },
    },
  });
  opened.session.registry.addAdapter(adapter);
  await opened.session.registry.discoverAll();
});
afterAll(() => opened[Symbol.asyncDispose]());

// What it is, the program, and what its one error says: its code, the thing and the next step.
test.each([
  [
    "broken code",
    "const a = 1;\nconst b = ;",
    { is: "SYNTAX_ERROR", thing: /Unexpected token/, step: /2 \| const b = ;/ },
  ],
  [
    "a missing server binary",
    "await files.read({})",
    { is: "SERVER_UNAVAILABLE", thing: /"no-such-command" was not found/, step: /Install it/ },
  ],
  [
    "a wrong URL",
    "await web.get({})",
    { is: "SERVER_UNAVAILABLE", thing: /127\.0\.0\.1:1/, step: /"url" is right/ },
  ],
  [
    "an unknown tool",
    "await math.ad({ a: 1, b: 2 })",
    { is: "TOOL_NOT_FOUND", thing: /"math\.ad"/, step: /math\.add/ },
  ],
  [
    "a wrong argument",
    'await math.add({ a: "1" })',
    {
      is: "INVALID_ARGUMENTS",
      thing: /"?a"?: must be number/,
      step: /math\.add\(input: \{ a: number; b: number/,
    },
  ],
  [
    "an endless loop",
    "for (;;);",
    { is: "COMPUTE_LIMIT", thing: /2000 ms/, step: /await|less|compute/ },
  ],
  [
    "a memory bomb",
    "const all = []; for (;;) all.push(new Array(1e6).fill(all.length));",
    { is: "MEMORY_LIMIT", thing: /more memory than its limit/, step: /Keep less at once/ },
  ],
  [
    "a result that cannot be JSON",
    "const a = {}; a.self = a; a",
    { is: "RESULT_NOT_JSON", thing: /value\.self/, step: /cycle/ },
  ],
])(
  "%s: one typed error names the thing and the next step, and the next program works",
  async (_what, code, { is, thing, step }) => {
    const result = await opened.session.execute(code);
    const told = result.ok
      ? ""
      : [result.error.message, result.error.frame, ...result.error.hints].join("\n");

    expect(result).toMatchObject({ ok: false, error: { code: is } });
    expect(told).toMatch(thing);
    expect(told).toMatch(step);
    expect(told).not.toContain(process.cwd());
    expect(await opened.session.execute("1 + 1")).toMatchObject({ ok: true, value: 2 });
  },
);

test("100 MB of logs are cut and said to be, the value stands, and the next program works", async () => {
  const code =
    'const line = "x".repeat(100_000); for (let i = 0; i < 1_000; i++) console.log(i, line); 7';

  const result = await opened.session.execute(code, { timeoutMs: 60_000 });

  expect(result).toMatchObject({ ok: true, value: 7 });
  expect(JSON.stringify(result.logs).length).toBeLessThan(1_000_000);
  expect(JSON.stringify(result)).toMatch(/dropped|left out|cut/);
  expect(await opened.session.execute("1 + 1")).toMatchObject({ ok: true, value: 2 });
}, 90_000);

test.each([
  [
    "a wrong key",
    "sandbox_varient: docker\n",
    /codemode\.config\.yaml:1: sandbox_varient: .*"sandbox_variant"/,
  ],
  [
    "an unset variable",
    "mcpServers:\n  a:\n    command: ${NOT_SET}\n",
    /:3: mcpServers\.a\.command: variable NOT_SET is not set\. Set it/,
  ],
  [
    "a text that is no URL",
    "mcpServers:\n  a:\n    url: example\n",
    /:3: mcpServers\.a\.url: .*"https:\/\/host\/mcp"/,
  ],
  ["broken YAML", "mcpServers: a: b\n  c: d\n- x\n", /^[^\n]*:1: is not YAML here[^\n]*$/],
])("%s of a config: one typed error with file, line and key", async (_what, text, told) => {
  const cwd = mkdtempSync(join(tmpdir(), "codemode-bad-"));
  writeFileSync(join(cwd, "codemode.config.yaml"), text);

  const failure: unknown = await createSessionFromConfig({ cwd, env: {} }).catch(
    (error: unknown) => error,
  );
  rmSync(cwd, { recursive: true });

  expect(failure).toMatchObject({
    code: expect.stringMatching(/^(CONFIG_INVALID|VARIABLE_UNSET)$/),
    message: expect.stringMatching(told),
  });
});
