import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { createFileVault } from "../src/index.ts";

const url = "https://example.org/mcp";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-vault-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("a login is kept until it is removed, and only then there was one", async () => {
  const vault = createFileVault(join(await emptyFolder(), "auth"));
  await vault.write(url, { wantedScope: "read" });

  const kept = await vault.read(`${url}?key=1`);

  expect(kept).toEqual({ wantedScope: "read" });
  expect(await vault.remove(url)).toBe(true);
  expect(await vault.remove(url)).toBe(false);
});

test("a login that can be neither kept nor removed is told with the next step, without its folder", async () => {
  const folder = join(await emptyFolder(), "auth");
  await writeFile(folder, "a file where the folder should be");
  const vault = createFileVault(folder);

  const failures = await Promise.allSettled([vault.write(url, {}), vault.remove(url)]);

  const message = expect.stringMatching(/login to example\.org cannot be \w+ \(E\w+\)\. Make the/);
  const reason = expect.objectContaining({ code: "STORAGE_UNAVAILABLE", message });
  expect(failures).toEqual([
    { status: "rejected", reason },
    { status: "rejected", reason },
  ]);
  expect(await vault.read(url)).toBeUndefined();
});
