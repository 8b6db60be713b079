import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, onTestFinished, test } from "vitest";

import { HELPER_DECLARATIONS, HELPER_NAMES, SKILL_DECLARATIONS } from "../src/index.ts";

test("every helper is declared", () => {
  const declared = HELPER_DECLARATIONS.matchAll(
    /export (?:function|class) (\w+)|export \{ \w+ as (\w+) \}/g,
  );
  const names = new Set([...declared].map(([, own, alias]) => own ?? alias));

  expect([...names].map(String).toSorted()).toEqual([...HELPER_NAMES].map(String).toSorted());
});

test("the declarations for editors compile", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-declarations-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "helpers.d.ts"), HELPER_DECLARATIONS);
  await writeFile(join(folder, "skills.d.ts"), SKILL_DECLARATIONS);
  const program = `import { parallel, RateLimiter, retry, runWithTimeout, wait_for } from "codemode/helpers";
import { run_skill } from "generated/skills";
import { any } from "skills/any";
const numbers: number[] = await parallel([async () => 1, () => 2], { limit: 2 });
const settled: PromiseSettledResult<number>[] = await parallel([() => 1], { settled: true });
const text: string = await retry(async () => "a", { exceptions: [TypeError, "TIMEOUT"] });
const limit: void = await new RateLimiter(5).acquire();
const truth: boolean = await wait_for(() => true, { timeoutMs: 5 });
const late: number = await runWithTimeout(async () => 1, 5);
export const all = [numbers, settled, text, limit, truth, late, (await run_skill({ skill_name: "x" })).success, any, await skills.mine({ a: 1 }), (await skills.list())[0]?.name];
`;
  await writeFile(join(folder, "program.ts"), program);
  const options = [
    "--strict",
    "--noEmit",
    "--target",
    "esnext",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--types",
    "",
    "--ignoreConfig",
  ];
  const files = ["helpers.d.ts", "skills.d.ts", "program.ts"];

  const { stdout } = await promisify(execFile)("tsc", [...options, ...files], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);

  expect(stdout).toBe("");
});
