import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the example uses, writes, restricts and tests skills", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main], { cwd: tmpdir() });

  expect(stdout).toContain('"totals":[42,75]');
  expect(stdout).toContain("3 tests passed");
});
