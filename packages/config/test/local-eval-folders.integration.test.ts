import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { ConfigSession } from "../src/index.ts";
import { createSessionFromConfig } from "../src/index.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-folders-"));
  await mkdir(join(folder, "shared/out"), { recursive: true });
  await writeFile(join(folder, "shared/data.txt"), "shared data");
  await writeFile(join(folder, "private.txt"), "private");
});
afterAll(() => rm(folder, { recursive: true }));

const READ_AND_WRITE = `
  import fs from "node:fs";
  const attempt = (use: () => unknown) => { try { return use() ?? "done" } catch (error) { return error.code } };
  [
    attempt(() => fs.readFileSync("../shared/data.txt", "utf8")),
    attempt(() => fs.writeFileSync("../shared/out/made.txt", "made")),
    attempt(() => fs.writeFileSync("../shared/data.txt", "changed")),
    attempt(() => fs.readFileSync("../private.txt", "utf8")),
  ]`;

async function open(config: object): Promise<ConfigSession> {
  await writeFile(join(folder, "codemode.config.json"), JSON.stringify(config));
  return createSessionFromConfig({ cwd: folder });
}

test("local-eval keeps to its workspace", async () => {
  await using opened = await open({ sandbox_variant: "local-eval" });

  expect(await opened.session.execute(READ_AND_WRITE)).toMatchObject({
    value: Array(4).fill("ERR_ACCESS_DENIED"),
  });
});

test("allow_read and allow_write let it have more, each only what it says", async () => {
  await using opened = await open({
    sandbox_variant: "local-eval",
    allow_read: ["./shared"],
    allow_write: ["./shared/out"],
  });

  expect(await opened.session.execute(READ_AND_WRITE)).toMatchObject({
    value: ["shared data", "done", "ERR_ACCESS_DENIED", "ERR_ACCESS_DENIED"],
  });
  expect(await readFile(join(folder, "shared/out/made.txt"), "utf8")).toBe("made");
});

test("where they have no effect, a diagnostic says so", async () => {
  await using opened = await open({ sandbox_variant: "isolated-vm", allow_read: ["./shared"] });

  expect(opened.diagnostics).toContainEqual(
    expect.objectContaining({
      code: "KEY_IGNORED",
      message: expect.stringContaining("allow_read and allow_write have no effect"),
    }),
  );
});
