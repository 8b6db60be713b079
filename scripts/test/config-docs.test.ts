import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { configSchema, loadConfig, mcpServerShape } from "../../packages/config/src/index.ts";
import { configDocs } from "../write-config-docs.ts";

const limits = configSchema.shape.limits.unwrap().shape;
const readDocs = () => readFile(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");

test('docs/configuration.md is current; "npm run docs:config" writes it', async () => {
  expect(await readDocs()).toBe(await configDocs());
});

test("every key is described", async () => {
  const docs = await readDocs();

  const keys = [configSchema.shape, limits, mcpServerShape];
  for (const key of keys.flatMap((shape) => Object.keys(shape)))
    expect(docs).toMatch(
      new RegExp(`^\\| \`${RegExp.escape(key)}\` +\\|[^|]+\\|[^|]+\\| \\S`, "m"),
    );
});

test("the example loads, and has every key of the file and of its limits", async () => {
  const [, example = ""] = /```jsonc\n(.*?)```/s.exec(await readDocs()) ?? [];
  const cwd = await mkdtemp(join(tmpdir(), "codemode-docs-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, "codemode.config.jsonc"), example);

  const { config, diagnostics } = await loadConfig({ cwd, env: { WEB_TOKEN: "secret" } });

  expect(diagnostics).toEqual([]);
  const written = [configSchema.omit({ $schema: true }).shape, limits].flatMap(Object.keys);
  expect(written.filter((key) => !example.includes(`"${key}":`))).toEqual([]);
  expect(config).toMatchObject({
    max_tool_calls: 100,
    limits: { compute_ms: 5000 },
    mcpServers: {
      files: { args: ["-y", "@modelcontextprotocol/server-filesystem", "."] },
      web: { headers: { Authorization: "Bearer secret" } },
      notes: { disabled: true },
    },
  });
});
