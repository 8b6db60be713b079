import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let cwd = "";
let client: Client;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-server-"));
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify({}));
  client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main], cwd }));
});
afterAll(async () => {
  await client.close();
  await rm(cwd, { recursive: true });
});

async function call(name: string, args: Record<string, unknown>): Promise<unknown> {
  return (await client.callTool({ name, arguments: args })).structuredContent;
}

function execute(code: string): Promise<unknown> {
  return call("execute_code", { code });
}

test("a large result is read by its handle, range by range, without a gap", async () => {
  const code = "Array.from({ length: 30_000 }, (_, index) => `row ${index} ä`)";
  const ran = await execute(code);
  expect(ran).toMatchObject({ ok: true, stored: { artifact: expect.any(String) } });
  const { stored } = Object(ran);

  let text = "";
  let start: number | undefined = 0;
  while (start !== undefined) {
    // oxlint-disable-next-line no-await-in-loop -- each range begins where the one before ended
    const part = await call("read_artifact", {
      name: stored.artifact,
      start,
      end: start + 150_001,
    });
    expect(part).toMatchObject({ size: stored.size, version: 1, start });
    ({ next: start } = Object(part));
    text += Object(part).text;
  }

  expect(Buffer.byteLength(text)).toBe(stored.size);
  expect(JSON.parse(text)).toEqual(Array.from({ length: 30_000 }, (_, index) => `row ${index} ä`));
});

test("read_artifact gives binary as base64, an older version, and says what is not there", async () => {
  await execute(
    'await artifacts.save("b.bin", new Uint8Array([1, 2, 255])); await artifacts.save("b.bin", "two")',
  );

  expect(await call("read_artifact", { name: "b.bin", version: 1, start: 1 })).toEqual({
    name: "b.bin",
    version: 1,
    size: 3,
    contentType: "application/octet-stream",
    start: 1,
    end: 3,
    base64: "Av8=",
  });
  expect(await call("read_artifact", { name: "b.bin" })).toMatchObject({ text: "two", end: 3 });
  expect(await call("read_artifact", { name: "b.bim" })).toMatchObject({
    error: { code: "ARTIFACT_NOT_FOUND", message: expect.stringContaining('"b.bin"') },
  });
});

test("artifacts are resources, page by page, with types, sizes and any name", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `page/${index}`);
  await execute(`
    for (let index = 0; index < 120; index += 1) await artifacts.save("page/" + index, index);
    await artifacts.save("../a b/\\u{1f600}?#%.csv", "x,y", { contentType: "text/csv", description: "A table" });
    await artifacts.save("bytes", new Uint8Array([0, 255]))`);

  const first = await client.listResources();
  const all = [...first.resources];
  for (let cursor = first.nextCursor; cursor !== undefined;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await client.listResources({ cursor });
    all.push(...page.resources);
    cursor = page.nextCursor;
  }
  const table = all.find(({ name }) => name.endsWith(".csv"));
  const bytes = all.find(({ name }) => name === "bytes");

  expect(first.resources).toHaveLength(100);
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  expect(table).toMatchObject({ mimeType: "text/csv", size: 3, description: "A table" });
  const read = await client.readResource({ uri: table?.uri ?? "" });
  expect(read.contents).toEqual([{ uri: table?.uri, mimeType: "text/csv", text: "x,y" }]);
  const blob = await client.readResource({ uri: bytes?.uri ?? "" });
  expect(blob.contents).toMatchObject([{ mimeType: "application/octet-stream", blob: "AP8=" }]);
});

test("the template says how to ask for a version", async () => {
  await execute('await artifacts.save("v", "one"); await artifacts.save("v", "two")');

  const { resourceTemplates } = await client.listResourceTemplates();
  const old = await client.readResource({ uri: "artifact:///v?version=1" });
  const newest = await client.readResource({ uri: "artifact:///v" });

  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain(
    "artifact:///{name}{?version}",
  );
  expect([old.contents, newest.contents]).toMatchObject([[{ text: "one" }], [{ text: "two" }]]);
});

test.each([
  ["artifact:///none", "There is no artifact"],
  ["artifact:///%E0%A4%A", "encoded"],
  ["artifact:///", "is empty"],
  ["artifact:///v?version=99", "no version 99"],
  ["file:///etc/passwd", "no resource"],
])("the resource %s is refused with a reason", async (uri, words) => {
  await execute('await artifacts.save("v", "one")');

  await expect(client.readResource({ uri })).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining(words),
  });
});

test("a page of no cursor of ours is refused", async () => {
  await expect(client.listResources({ cursor: "nonsense" })).rejects.toMatchObject({
    code: -32602,
  });
});

test("a client of the new generation reads them too", async () => {
  await execute('await artifacts.save("v", "one")');
  const modern = new ModernClient({ name: "test", version: "1.0.0" });
  await modern.connect(new ModernTransport({ command: process.execPath, args: [main], cwd }));

  const { contents } = await modern.readResource({ uri: "artifact:///v" });
  const { resources } = await modern.listResources();
  await modern.close();

  expect(contents).toMatchObject([{ text: "one" }]);
  expect(resources.map(({ name }) => name)).toContain("v");
});
