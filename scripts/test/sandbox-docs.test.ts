import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { sandboxDocs } from "../write-sandbox-docs.ts";

test('docs/sandboxes.md is current; "npm run docs:sandboxes" writes it', async () => {
  const docs = await readFile(new URL("../../docs/sandboxes.md", import.meta.url), "utf8");

  expect(docs).toBe(await sandboxDocs());
  expect(docs).toMatch(/^\| `value\.json` +\| .* \| yes +\| yes +\| yes +\| yes +\|$/m);
});
