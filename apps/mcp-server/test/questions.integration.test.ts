import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ClientCapabilities } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const asking = fileURLToPath(new URL("./fixtures/asking.ts", import.meta.url));

let cwd = "";
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-server-"));
  const env = { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "" };
  const server = { command: process.execPath, args: [asking], env };
  const mcpServers = {
    former: server,
    modern: { ...server, protocol_era: "auto", roots: ["."] },
  };
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify({ mcpServers }));
});
afterAll(() => rm(cwd, { recursive: true }));

/** Runs a program for a client that can be asked what `capabilities` say. */
async function execute(
  era: "legacy" | "auto",
  capabilities: ClientCapabilities,
  code: string,
): Promise<unknown> {
  const options = { capabilities, versionNegotiation: { mode: era } };
  const client = new Client({ name: "test", version: "1.0.0" }, options);
  if (capabilities.elicitation)
    client.setRequestHandler("elicitation/create", ({ params }) =>
      params.mode === "url"
        ? { action: "accept" }
        : { action: "accept", content: { name: `told to "${params.message}"` } },
    );
  if (capabilities.sampling)
    client.setRequestHandler("sampling/createMessage", () => ({
      role: "assistant",
      content: { type: "text", text: "sampled" },
      model: "m",
    }));
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main], cwd }));
  try {
    const { structuredContent } = await client.callTool({
      name: "execute_code",
      arguments: { code },
    });
    return structuredContent;
  } finally {
    await client.close();
  }
}

const all = { elicitation: { form: {}, url: {} }, sampling: {} };

describe.each(["legacy", "auto"] as const)("a client that connects in mode %s", (era) => {
  test("is asked, while a program runs, what servers of both eras ask", async () => {
    const code =
      'let kept = "before";\n' +
      "const names = [(await former.ask()).content.name, (await modern.ask()).content.name];\n" +
      "const both = await Promise.all([former.ask(), modern.ask()]);\n" +
      "const url = await modern.open();\n" +
      "const sampled = await former.sample();\n" +
      "return [kept, names, both.map((one) => one.action), url, sampled.content.text]";

    expect(await execute(era, all, code)).toMatchObject({
      ok: true,
      result: [
        "before",
        ['told to "former: Who are you?"', 'told to "modern: Who are you?"'],
        ["accept", "accept"],
        { action: "accept" },
        "sampled",
      ],
    });
  });

  test("and cannot be asked is named as what is missing", async () => {
    const code = "await modern.ask()";
    expect(await execute(era, {}, code)).toMatchObject({
      ok: false,
      error: {
        code: "INPUT_UNAVAILABLE",
        message: expect.stringContaining(
          'the connected MCP client has no "elicitation" capability',
        ),
      },
    });
    expect(await execute(era, { elicitation: { form: {} } }, "await former.open()")).toMatchObject({
      error: {
        code: "INPUT_UNAVAILABLE",
        message: expect.stringContaining('has no "elicitation.url" capability'),
      },
    });
  });
});

test("a server learns the folders that the config names, and none where it names none", async () => {
  expect(await execute("legacy", {}, "await modern.roots()")).toMatchObject({
    ok: true,
    result: { roots: [{ uri: expect.stringMatching(/^file:.*codemode-server-/) }] },
  });
  expect(await execute("legacy", {}, "await former.roots()")).toMatchObject({ ok: false });
});
