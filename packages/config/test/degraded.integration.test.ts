import { expect, test } from "vitest";

import { createSessionFromConfig } from "../src/index.ts";

const options = {
  cwd: import.meta.dirname,
  env: {},
  overrides: { mcpServers: { files: { command: "no-such-command" } } },
};
const reason = 'Server "files" cannot start: command "no-such-command" was not found.';

test("a server that fails stops no program; a call of its tools says why, in every style", async () => {
  await using codemode = await createSessionFromConfig(options);

  const results = await Promise.all(
    [
      "await files.read_file({})",
      "await tools.files.read_file({})",
      'await tools.call("files.read_file", {})',
      'import { read_file } from "generated/servers/files"; await read_file({})',
    ].map((source) => codemode.session.execute(source)),
  );
  const fine = await codemode.session.execute("1 + 1");

  expect(codemode.servers).toMatchObject([{ name: "files", status: "failed" }]);
  expect(fine).toMatchObject({ ok: true, value: 2 });
  for (const result of results) {
    const told = result.ok ? "" : [result.error.message, ...result.error.hints].join("\n");
    expect(told).toContain(reason);
  }
});

test("a search says which servers it could not look into", async () => {
  await using codemode = await createSessionFromConfig(options);

  const result = await codemode.session.execute('await tools.search("read a file")');

  expect(result).toMatchObject({
    ok: true,
    value: { matches: [], hint: expect.stringContaining("because they failed: files") },
  });
});
