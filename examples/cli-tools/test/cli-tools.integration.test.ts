import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the example calls commands of this machine and prints what the program made of them", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main]);

  expect(JSON.parse(stdout)).toEqual({
    files: ["checksum.yaml", "ls.yaml", "node.yaml"].map((name) => ({
      name,
      checksum: expect.stringMatching(/^[0-9a-f]{40}$/),
    })),
    engine: "v8",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    refused: "TOOL_FAILED",
  });
});
