import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createArtifactStore, createFileStorage } from "@codemode/storage";
import { expect, test } from "vitest";

import { codemode, codemodeHere, folder, json, withServers, useFolder } from "./command.ts";

useFolder();
const GREET = "/** Greets. */\nexport function greet(name: string) { return `Hi ${name}`; }\n";

async function writeProject(name: string): Promise<void> {
  const path = join(folder.path, name);
  for (const part of ["skills", "artifacts/deep", "tools"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await mkdir(join(path, part), { recursive: true });
  }
  await writeFile(join(path, "skills/greet.ts"), GREET);
  await writeFile(join(path, "artifacts/deep/table.csv"), "a,b\n1,2\n");
  await writeFile(join(path, "tools/git.yaml"), "name: git\n");
}

test("a folder fills a store, is compared with it, and is written from it", async () => {
  await withServers({});
  await writeProject("one");

  expect((await codemode(["store", "list"])).stdout).toBe("The store is empty.\n");
  expect((await codemode(["store", "diff", "one"])).stdout).toBe(
    "+ skills/greet\n+ artifacts/deep/table.csv\n+ tools/git.yaml\n",
  );
  expect(await codemode(["store", "bootstrap", "one"])).toMatchObject({ code: 0, stderr: "" });
  expect((await codemode(["store", "diff", "one"])).stdout).toBe("= 3 the same\n");
  await codemode(["store", "pull", "two"]);
  for (const file of ["skills/greet.ts", "artifacts/deep/table.csv", "tools/git.yaml"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const [one, two] = await Promise.all(
      ["one", "two"].map((name) => readFile(join(folder.path, name, file), "utf8")),
    );
    expect(two).toBe(one);
  }
});

test("push saves what differs, and deletes only with --clear", async () => {
  await withServers({});
  await writeProject("one");
  await codemode(["store", "push", "one"]);
  await writeFile(join(folder.path, "one/skills/greet.ts"), GREET.replace("Hi", "Hello"));
  await writeFile(join(folder.path, "one/artifacts/new.txt"), "new");
  await codemode(["artifacts", "put", "one/tools/git.yaml", "--name", "extra"]);

  const pushed = await codemode(["store", "push", "one", "--json"]);
  expect(json(pushed)).toEqual({
    ok: true,
    differences: [
      { mark: "~", type: "skills", name: "greet" },
      { mark: "=", type: "artifacts", name: "deep/table.csv" },
      { mark: "-", type: "artifacts", name: "extra" },
      { mark: "+", type: "artifacts", name: "new.txt" },
      { mark: "=", type: "tools", name: "git.yaml" },
    ],
  });
  expect((await codemode(["store", "list", "--type", "artifacts"])).stdout).toContain("extra");
  await codemode(["store", "push", "one", "--type", "artifacts", "--clear"]);

  expect((await codemode(["store", "diff", "one"])).stdout).toBe("= 4 the same\n");
  expect((await codemode(["skills", "show", "greet"])).stdout).toContain("Hello");
});

test("bootstrap leaves what is there, and --clear replaces it with its versions", async () => {
  await withServers({});
  await writeProject("one");
  await codemodeHere(["store", "push", "one"]);
  await writeFile(join(folder.path, "one/artifacts/deep/table.csv"), "other");

  await codemodeHere(["store", "bootstrap", "one"]);
  expect((await codemodeHere(["store", "diff", "one"])).stdout).toContain(
    "~ artifacts/deep/table.csv",
  );
  await codemodeHere(["store", "bootstrap", "one", "--clear"]);

  expect((await codemodeHere(["store", "diff", "one"])).stdout).toBe("= 3 the same\n");
  expect((await codemodeHere(["artifacts", "list"])).stdout).toContain("deep/table.csv  v1");
});

test("what no file can be named after stays in the store and is told; all else is pulled", async () => {
  await withServers({});
  await writeProject("one");
  await codemodeHere(["store", "push", "one"]);
  await using storage = createFileStorage({ path: join(folder.path, ".codemode") });
  const artifacts = createArtifactStore({ storage });
  await artifacts.save("../escaped.txt", "text");
  await artifacts.save("deep", "a file where a folder is");

  const pulled = await codemodeHere(["store", "pull", "two"]);
  const again = await codemodeHere(["store", "pull", "two", "--json"]);

  expect(pulled.code).toBe(1);
  expect(pulled.stderr).toContain('artifacts: "../escaped.txt" stays in the store');
  expect(pulled.stderr).toContain('artifacts: "deep/table.csv" stays in the store');
  expect(await readFile(join(folder.path, "two/artifacts/deep"), "utf8")).toContain("a file");
  expect(await readFile(join(folder.path, "two/tools/git.yaml"), "utf8")).toBe("name: git\n");
  expect(again.code).toBe(1);
  expect(json(again)).toMatchObject({
    ok: false,
    left: [
      { type: "artifacts", name: "../escaped.txt" },
      { type: "artifacts", name: "deep/table.csv" },
    ],
  });
  await expect(readFile(join(folder.path, "two/escaped.txt"))).rejects.toThrow("ENOENT");
});

test("a folder that cannot be made is told as the user's, not as a mistake of the command", async () => {
  await withServers({});
  await writeProject("one");
  await codemodeHere(["store", "push", "one"]);
  const path = join(folder.path, "one/tools/git.yaml/below");

  const [pulled, exported] = await Promise.all([
    codemodeHere(["store", "pull", path]),
    codemodeHere(["skills", "export", "--out", path]),
  ]);

  for (const outcome of [pulled, exported]) {
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("cannot be used (ENOTDIR). Name another place");
  }
});

test("a Redis that is not there, and no store at all, are told", async () => {
  const url = "redis://:hidden-word@127.0.0.1:1";
  const [redis, none] = await Promise.all([
    codemode(["store", "list", "--redis", url]),
    codemode(["store", "list"]),
  ]);

  expect(redis.code).toBe(3);
  expect(redis.stderr).toContain("ECONNREFUSED");
  expect(redis.stderr).not.toContain("hidden-word");
  expect(none).toMatchObject({ code: 2 });
  expect(none.stderr).toContain("--redis <url>");
});

test("what is said of an artifact stays with it: through a push, and in the file beside pulled ones", async () => {
  await withServers({});
  await writeProject("one");
  const put = ["artifacts", "put", "one/artifacts/deep/table.csv", "--name", "deep/table.csv"];
  await codemodeHere([...put, "--description", "Two columns"]);
  await writeFile(join(folder.path, "one/artifacts/deep/table.csv"), "a,b\n3,4\n");
  await codemodeHere(["store", "push", "one", "--type", "artifacts"]);
  const kept = (await codemodeHere(["artifacts", "list"])).stdout;
  await codemodeHere(["store", "pull", "two", "--type", "artifacts"]);
  await codemodeHere(["artifacts", "rm", "deep/table.csv"]);
  await codemodeHere(["store", "push", "two", "--type", "artifacts"]);

  expect(kept).toMatch(/deep\/table\.csv {2}v2 .*Two columns/);
  expect((await codemodeHere(["artifacts", "list"])).stdout).toContain("Two columns");

  await writeFile(join(folder.path, "two/artifacts/.artifacts.json"), "[");
  expect(await codemodeHere(["store", "push", "two", "--clear"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(".artifacts.json is not what it should be"),
  });
});

test("--clear from a folder that has nothing is refused before anything changes", async () => {
  await withServers({});
  await writeProject("one");
  await codemodeHere(["store", "push", "one"]);
  await mkdir(join(folder.path, "empty/skills"), { recursive: true });

  for (const command of ["push", "bootstrap"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const refused = await codemodeHere(["store", command, "empty", "--clear"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("The folder has nothing, and --clear would delete all");
    expect(refused.stderr).toContain("add --yes");
  }
  await writeFile(join(folder.path, "empty/skills/greet.ts"), GREET);
  const one = ["store", "push", "empty", "--type", "tools", "--clear"];
  expect((await codemodeHere(one)).stderr).toContain("(tools: 1)");
  expect((await codemodeHere(["store", "diff", "one"])).stdout).toBe("= 3 the same\n");

  expect(await codemodeHere([...one, "--yes"])).toMatchObject({ code: 0 });
  expect((await codemodeHere(["store", "diff", "one"])).stdout).toContain("+ tools/git.yaml");
});
