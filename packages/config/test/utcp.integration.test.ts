import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { createSessionFromConfig } from "../src/index.ts";

const TEXT = { call_template_type: "text", content: "hello" };

function manualOf(name: string): object {
  const content = JSON.stringify({ tools: [{ name: "say", tool_call_template: TEXT }] });
  return { name, call_template_type: "text", content };
}

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-utcp-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await Promise.all(
    Object.entries(files).map(([name, content]) =>
      writeFile(
        join(folder, name),
        typeof content === "string" ? content : JSON.stringify(content),
      ),
    ),
  );
  return folder;
}

test("manuals of files, of the config and of UTCP_CONFIG_FILE are servers; a broken one fails alone", async () => {
  const tools = [
    { name: "show", tool_call_template: { call_template_type: "file", file_path: "note.txt" } },
  ];
  const cwd = await folderWith({
    "codemode.config.json": { utcp: ["a.json"] },
    "a.json": {
      load_variables_from: [{ variable_loader_type: "dotenv", env_file_path: ".env" }],
      manual_call_templates: [
        { name: "files", call_template_type: "file", file_path: "${MANUAL}" },
        { name: "broken", call_template_type: "file", file_path: "$NOT_SET" },
      ],
    },
    ".env": "files_MANUAL=manual.json\n",
    "manual.json": { utcp_version: "1.0.1", tools },
    "note.txt": "noted",
    "b.json": { manual_call_templates: [manualOf("greeter"), manualOf("files")] },
  });
  await using codemode = await createSessionFromConfig({
    cwd,
    env: { UTCP_CONFIG_FILE: "b.json" },
  });

  const result = await codemode.session.execute(
    "return [await files.show({}), await greeter.say({})]",
  );

  expect(result).toMatchObject({ ok: true, value: ["noted", "hello"] });
  expect(codemode.servers).toMatchObject([
    { name: "files", status: "connected" },
    { name: "broken", status: "failed", error: { code: "VARIABLE_UNSET" } },
    { name: "greeter", status: "connected" },
  ]);
  expect(codemode.servers[1]?.error?.message).toContain('"variables", the file ".env" or the');
  expect(codemode.diagnostics).toContainEqual({
    code: "MANUAL_SKIPPED",
    message: expect.stringContaining('The manual "files" is left out'),
  });
});

test("manuals within the config have UTCP's variables, not the config's", async () => {
  const cwd = await folderWith({
    "codemode.config.json": {
      utcp: {
        variables: { notes_FILE: "note.json" },
        manual_call_templates: [
          { name: "notes", call_template_type: "file", file_path: "${FILE}" },
        ],
        post_processing: [{ tool_post_processor_type: "limit_strings", limit: 2 }],
      },
    },
    "note.json": {
      tools: [{ name: "say", tool_call_template: { ...TEXT, call_template_type: "text" } }],
    },
  });
  await using codemode = await createSessionFromConfig({ cwd, env: {} });

  expect(codemode.servers).toMatchObject([{ name: "notes", status: "connected" }]);
  expect(codemode.servers[0]?.diagnostics[0]?.message).toContain('Add "text" to its');
});

test.each([
  ["none.json", "CONFIG_NOT_FOUND", '"none.json" is not there'],
  ["bad.json", "CONFIG_INVALID", "bad.json: is no valid JSON"],
  ["wrong.json", "CONFIG_INVALID", "post_processing.0"],
])("a UTCP configuration that cannot be read is an error: %s", async (utcp, code, message) => {
  const cwd = await folderWith({
    "codemode.config.json": { utcp },
    "bad.json": "{",
    "wrong.json": { post_processing: [{ tool_post_processor_type: "hide" }] },
  });

  const opening = createSessionFromConfig({ cwd, env: {} });

  await expect(opening).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
