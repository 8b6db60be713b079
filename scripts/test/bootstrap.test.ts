import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

const source = fileURLToPath(new URL("../bootstrap.mjs", import.meta.url));
let checkout: string;

// Where `npx` says where it would keep what it downloads.
beforeAll(async () => {
  checkout = await realpath(await mkdtemp(join(tmpdir(), "codemode-bootstrap-")));
  await mkdir(join(checkout, "scripts"));
  await cp(source, join(checkout, "scripts/bootstrap.mjs"));
  await writeFile(join(checkout, "package.json"), '{"packageManager":"pnpm@1.2.3"}');
  await writeFile(join(checkout, "npx"), '#!/bin/sh\necho "$2 $HOME $npm_config_cache"\n');
  await chmod(join(checkout, "npx"), 0o755);
});
afterAll(() => rm(checkout, { recursive: true }));

function setUp(home: string): string {
  const env = { PATH: `${checkout}:/bin:/usr/bin`, HOME: home };
  const script = join(checkout, "scripts/bootstrap.mjs");
  return spawnSync(process.execPath, [script, "setup"], { env, encoding: "utf8" }).stdout;
}

test("downloads are kept at home, and in the checkout where there is no home to write to", () => {
  const own = join(checkout, "node_modules/.cache/home");

  expect(setUp(checkout)).toBe(`pnpm@1.2.3 ${checkout} \n`);
  expect(setUp("/proc/nobody")).toBe(`pnpm@1.2.3 ${own} ${own}/.npm\n`);
});
