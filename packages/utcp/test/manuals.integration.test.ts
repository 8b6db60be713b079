import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { CodeModeUtcpClient } from "../src/index.ts";

function say(name: string, content: string): Readonly<Record<string, unknown>> & { name: string } {
  const tool = { call_template_type: "text", content };
  const manual = { tools: [{ name: "say", tags: [name], tool_call_template: tool }] };
  return { name, call_template_type: "text", content: JSON.stringify(manual) };
}

test("manuals come and go while programs run; names are theirs alone", async () => {
  await using client = await CodeModeUtcpClient.create();

  const first = await client.registerManual(say("my-notes", "one"));
  const before = await client.callToolChain("return my_notes.say({})");
  const again = client.registerManual(say("my_notes", "two"));
  await expect(again).rejects.toMatchObject({ code: "SERVER_DUPLICATE" });
  const gone = [await client.deregisterManual("my_notes"), await client.deregisterManual("none")];
  const after = await client.callToolChain("return my_notes.say({})");

  expect(first).toMatchObject({ success: true, manual: { tools: [{ name: "my_notes.say" }] } });
  expect(before.result).toBe("one");
  expect(gone).toEqual([true, false]);
  expect(after.success).toBe(false);
});

test("a configuration file's manuals are registered; what failed is told, and nothing else fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "utcp-client-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, ".env"), "reader_FILE=manual.json\n");
  await writeFile(join(folder, "manual.json"), String(say("x", "from a file")["content"]));
  await writeFile(
    join(folder, ".utcp_config.json"),
    JSON.stringify({
      load_variables_from: [{ variable_loader_type: "dotenv", env_file_path: ".env" }],
      manual_call_templates: [
        {
          name: "reader",
          call_template_type: "file",
          file_path: "${FILE}",
          allowed_communication_protocols: ["file", "text"],
        },
        { name: "broken", call_template_type: "file", file_path: "$MISSING" },
      ],
      post_processing: [{ tool_post_processor_type: "limit_strings", limit: 6 }],
      tool_repository: { tool_repository_type: "in_memory" },
      tool_search_strategy: { tool_search_strategy_type: "tag_and_description_word_match" },
    }),
  );
  await using client = await CodeModeUtcpClient.create(folder, ".utcp_config.json", { env: {} });

  const { result } = await client.callToolChain("return reader.say({})");

  expect(result).toBe("from a");
  expect(client.registered).toMatchObject([
    { success: true, errors: [] },
    { success: false, errors: [expect.stringContaining("broken_MISSING")] },
  ]);
});

test("required variables have the names under which they are set", async () => {
  await using client = await CodeModeUtcpClient.create();
  const auth = { auth_type: "api_key", api_key: "${API_KEY}" };
  const template = { name: "my_api", call_template_type: "http", url: "https://$HOST/x", auth };

  const variables = await client.getRequiredVariablesForManualAndTools(template);

  expect(variables).toEqual(["my__api_HOST", "my__api_API_KEY"]);
});

test("a search can ask for tags", async () => {
  await using client = await CodeModeUtcpClient.create();
  await client.registerManuals([say("red", "r"), say("blue", "b")]);

  const tools = await client.searchTools("say", 10, ["BLUE"]);

  expect(tools.map(({ name }) => name)).toEqual(["blue.say"]);
});

test("a program calls functions of this process that a manual names", async () => {
  const tool_call_template = { call_template_type: "direct-call", callable_name: "add" };
  const inputs = { type: "object", properties: { a: { type: "number" }, b: { type: "number" } } };
  const callables = {
    manual: () => ({ utcp_version: "1.0.0", tools: [{ name: "add", inputs, tool_call_template }] }),
    add: (a: unknown, b: unknown) => Number(a) - Number(b),
  };
  await using client = await CodeModeUtcpClient.create(undefined, null, { callables });
  await client.registerManual({
    name: "local",
    call_template_type: "direct-call",
    callable_name: "manual",
  });

  const { result } = await client.callToolChain("return local.add({ b: 1, a: 3 })");

  expect(result).toBe(2);
});
