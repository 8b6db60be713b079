import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createSessionFromConfig } from "../src/index.ts";

test("without a daemon a program's error, and the probe, say what to do", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "codemode-config-"));
  const config = { sandbox_variant: "docker", docker: { host: "unix:///nowhere.sock" } };
  writeFileSync(join(cwd, "codemode.config.json"), JSON.stringify(config));
  await using opened = await createSessionFromConfig({ cwd, env: {} });

  const result = await opened.session.execute("1").catch((error: unknown) => error);
  const probe = await opened.sandbox.probe();
  rmSync(cwd, { recursive: true });

  expect(JSON.stringify(result)).toContain("SANDBOX_UNAVAILABLE");
  expect(probe).toEqual({
    ok: false,
    reason: expect.stringContaining("no Docker daemon at unix:///nowhere.sock"),
    remedy: expect.stringContaining("Install Docker and start it"),
  });
});
