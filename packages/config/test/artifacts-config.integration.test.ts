import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createSessionFromConfig } from "../src/index.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "codemode-artifacts-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function configure(config: object): void {
  writeFileSync(join(cwd, "codemode.config.json"), JSON.stringify(config));
}

test("artifacts are kept beside the config file, and nothing is made before the first", async () => {
  configure({});
  {
    await using opened = await createSessionFromConfig({ cwd, env: {} });
    await opened.session.execute("1");
    expect(readdirSync(cwd)).toEqual(["codemode.config.json"]);
    await opened.session.execute('await artifacts.save("x", { kept: true })');
  }

  await using opened = await createSessionFromConfig({ cwd, env: {} });
  const result = await opened.session.execute('await artifacts.load("x")');

  expect(result).toMatchObject({ ok: true, value: { kept: true } });
  expect(readdirSync(cwd)).toContain(".codemode");
});

test("the quota and the versions kept are the config's", async () => {
  configure({ artifacts: { quota_bytes: 10_000, max_versions: 2 } });
  await using opened = await createSessionFromConfig({ cwd, env: {} });

  const result = await opened.session.execute(`
    for (const text of ["1", "2", "3"]) await artifacts.save("x", text);
    const kept = (await artifacts.versions("x")).map((one) => one.version);
    let refused;
    try { await artifacts.save("y", "y".repeat(9_000)) } catch (error) { refused = error.code }
    [kept, refused]`);

  expect(result).toMatchObject({ ok: true, value: [[3, 2], "STORAGE_LIMIT"] });
});

test("without artifacts programs have none, and large values are refused", async () => {
  configure({ artifacts: { enabled: false }, limits: { max_value_bytes: 100 } });
  await using opened = await createSessionFromConfig({ cwd, env: {} });

  const missing = await opened.session.execute("typeof artifacts");
  const large = await opened.session.execute('"x".repeat(1_000)');

  expect(missing).toMatchObject({ ok: true, value: "undefined" });
  expect(large).toMatchObject({ ok: false, error: { code: "RESULT_TOO_LARGE" } });
});

test("a large value is kept for as long as the config says", async () => {
  configure({ artifacts: { large_result_ttl: 60 }, limits: { max_value_bytes: 100 } });
  await using opened = await createSessionFromConfig({ cwd, env: {} });

  const result = await opened.session.execute('"x".repeat(1_000)');
  if (!result.ok) throw new Error(result.error.message);

  const left = Date.parse(result.stored?.expiresAt ?? "") - Date.now();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(60_000);
});

test("a key that is none is answered with the one that was meant", async () => {
  configure({ artifacts: { quota: 10 } });

  await expect(createSessionFromConfig({ cwd, env: {} })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("artifacts.quota"),
  });
});
