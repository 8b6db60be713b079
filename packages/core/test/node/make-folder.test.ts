import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { makeFolder } from "../../src/node/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-make-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("all that is missing is made, with the mode; the topmost that was made is told", async () => {
  const path = join(folder, "a", "b", "c");

  expect(await makeFolder(path, { mode: 0o700 })).toBe(join(folder, "a"));
  expect(await makeFolder(path)).toBeUndefined();

  expect((await stat(join(folder, "a", "b"))).mode & 0o777).toBe(0o700);
});

test("many who make the same folder all have it", async () => {
  const path = join(folder, "a", "b", "c");

  await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)));

  expect((await stat(path)).isDirectory()).toBe(true);
});

test("a link to a folder will do; a file, a link to nowhere and what is below them will not", async () => {
  await mkdir(join(folder, "real"));
  await symlink(join(folder, "real"), join(folder, "link"));
  await symlink(join(folder, "nowhere"), join(folder, "dangling"));
  await writeFile(join(folder, "file"), "");

  expect(await makeFolder(join(folder, "link", "a"))).toBe(join(folder, "link", "a"));
  await expect(makeFolder(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(folder, "file", "a"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolder(join(folder, "dangling", "a"))).rejects.toMatchObject({ code: "EEXIST" });
});

test.runIf(process.platform === "linux")(
  "a folder that takes no other into it is an error, not a wait without end",
  async () => {
    await expect(makeFolder("/proc/codemode/a/b")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
