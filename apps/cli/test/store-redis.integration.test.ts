import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { findRedis, startRedis } from "@codemode/storage-redis/testing";
import { describe, expect, test } from "vitest";

import { codemode, codemodeHere, folder, json, useFolder } from "./command.ts";

useFolder();
const FILES = {
  "skills/greet.ts":
    "/** Greets. */\nexport function greet(name: string) { return `Hi ${name}`; }\n",
  "skills/report/SKILL.md": "---\nname: report\ndescription: Writes a report.\n---\n\nWrite it.\n",
  "skills/report/references/style.md": "Short sentences.\n",
  "artifacts/deep/table.csv": "a,b\n1,2\n",
  "artifacts/bytes.bin": Buffer.from([0, 255, 10, 13, 128]),
  "tools/git.yaml": "name: git\n",
};

async function writeIn(name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder.path, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function writeProject(): Promise<void> {
  const files = Object.entries(FILES);
  await Promise.all(files.map(([name, content]) => writeIn(`one/${name}`, content)));
}

describe.runIf(findRedis())("a store in Redis", () => {
  test("is filled, compared, changed and written into another folder byte by byte", async () => {
    await using redis = await startRedis();
    const store = (...args: readonly string[]) =>
      codemodeHere(["store", ...args, "--redis", redis.url, "--prefix", "team"]);
    await writeProject();

    expect(await store("bootstrap", "one")).toMatchObject({ code: 0, stderr: "" });
    expect((await store("diff", "one")).stdout).toBe("= 5 the same\n");
    await writeIn("one/skills/greet.ts", FILES["skills/greet.ts"].replace("Hi", "Hello"));
    await writeIn("one/artifacts/new.txt", "new");
    await rm(join(folder.path, "one/tools/git.yaml"));
    expect((await store("diff", "one")).stdout).toBe(
      "~ skills/greet\n+ artifacts/new.txt\n- tools/git.yaml\n= 3 the same\n",
    );
    expect(json(await store("diff", "one", "--type", "tools", "--json"))).toEqual({
      ok: true,
      differences: [{ mark: "-", type: "tools", name: "git.yaml" }],
    });
    expect((await store("push", "one")).code).toBe(0);
    expect((await store("diff", "one")).stdout).toBe("- tools/git.yaml\n= 5 the same\n");
    expect((await store("push", "one", "--clear")).code).toBe(0);
    expect((await store("diff", "one")).stdout).toBe("= 5 the same\n");

    expect((await store("pull", "two")).code).toBe(0);
    const kept = Object.keys(FILES).filter((name) => name !== "tools/git.yaml");
    const pairs = [...kept, "artifacts/new.txt"].map((name) =>
      Promise.all(["one", "two"].map((side) => readFile(join(folder.path, side, name)))),
    );
    for (const [one, two] of await Promise.all(pairs)) expect(two).toEqual(one);
  });

  test("gives another machine its skills and artifacts", async () => {
    await using redis = await startRedis();
    await writeProject();
    await codemode(["store", "bootstrap", "one", "--redis", redis.url, "--prefix", "team"]);
    const storage = { type: "redis", url: redis.url, prefix: "team" };
    await writeIn(
      "codemode.config.json",
      JSON.stringify({ mcpServers: {}, storage, skills: true }),
    );

    const listed = await codemode(["skills", "list"]);
    const program =
      'import { greet } from "skills/greet";\n' +
      'export default [await greet("you"), await artifacts.load("deep/table.csv")];';
    const ran = await codemode(["run", "--json", "-c", program]);

    expect(listed.stdout).toContain("greet (v1): Greets.");
    expect(listed.stdout).toContain("report");
    expect(json(ran)).toMatchObject({ ok: true, value: ["Hi you", "a,b\n1,2\n"] });
  });

  test("is not emptied by a folder that is not there", async () => {
    await using redis = await startRedis();
    await writeProject();
    await codemodeHere(["store", "push", "one", "--redis", redis.url]);

    const missing = await codemode(["store", "push", "onee", "--clear", "--redis", redis.url]);
    const type = await codemode(["store", "list", "--type", "skill", "--redis", redis.url]);
    const url = await codemode(["store", "list", "--redis", "localhost"]);

    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('There is no folder "onee". Name one with skills/');
    expect(type.code).toBe(2);
    expect(type.stderr).toContain("Allowed choices are skills, artifacts, tools");
    expect(url.code).toBe(2);
    expect(url.stderr).toContain("redis://");
    expect((await codemode(["store", "diff", "one", "--redis", redis.url])).stdout).toBe(
      "= 5 the same\n",
    );
  });
});
