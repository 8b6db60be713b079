import { access } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { codemode, folder, memory, useFolder, withServers } from "./command.ts";

useFolder();

/** A server that leaves a file when it is started, and then says nothing. */
async function withSilentNeighbour(): Promise<string> {
  const started = join(folder.path, "started");
  const script = `require("fs").writeFileSync(${JSON.stringify(started)}, ""); setInterval(() => {}, 1e6);`;
  await withServers({
    silent: { command: process.execPath, args: ["-e", script], connect_timeout_ms: 1_000 },
    "my-memory": {
      command: process.execPath,
      args: [memory],
      env: { MEMORY_FILE_PATH: join(folder.path, "memory.jsonl") },
    },
  });
  return started;
}

test("a command for one tool starts its server alone, however the tool is spelt", async () => {
  const started = await withSilentNeighbour();

  const outcomes = await Promise.all([
    codemode(["call", "my-memory.read_graph"]),
    codemode(["call", "my_memory.read_graph"]),
    codemode(["describe", "my-memory__read_graph"]),
  ]);

  for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 0, stderr: "" });
  await expect(access(started)).rejects.toThrow("ENOENT");
});

test("a tool that its server has not is looked for everywhere, and the nearest is told", async () => {
  const started = await withSilentNeighbour();

  const outcome = await codemode(["call", "my-memory.raed_graph"]);

  expect(outcome).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "my-memory.read_graph"?'),
  });
  await expect(access(started)).resolves.toBeUndefined();
});
