import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { ConfigSession } from "../src/index.ts";
import { createSessionFromConfig } from "../src/index.ts";
import { valueOf } from "./results.ts";

const run = promisify(execFile);

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-deps-"));
  await mkdir(join(cwd, "workspace"));
});
afterEach(() => rm(cwd, { recursive: true }));

/** An archive of a package whose install script would leave a trace. */
async function pack(name: string, version: string, into: string): Promise<string> {
  const folder = await mkdtemp(join(cwd, "package-"));
  const manifest = {
    name,
    version,
    main: "index.cjs",
    scripts: { install: "echo ran > ../../ran.txt", postinstall: "echo ran > ../../ran.txt" },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.cjs"), `module.exports = () => ${JSON.stringify(version)};`);
  const { stdout } = await run("npm", ["pack", folder, "--pack-destination", into, "--silent"]);
  return stdout.trim();
}

async function open(config: object): Promise<ConfigSession> {
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify(config));
  return createSessionFromConfig({ cwd, env: {}, defaultGuest: "shared" });
}

const ALLOWED = { sandbox_variant: "local-eval", allow_runtime_deps: true };

test("a package is added, imported, listed, synced and removed; its scripts never run", async () => {
  const file = await pack("small-thing", "1.2.3", join(cwd, "workspace"));
  await using opened = await open(ALLOWED);
  const { session } = opened;

  const added = await session.execute(`await deps.add("file:./${file}")`);
  const used = await session.execute('import thing from "small-thing"; thing()');
  const listed = await session.execute("await deps.list()");
  await rm(join(cwd, "workspace/node_modules"), { recursive: true });
  const synced = await session.execute("await deps.sync()");
  const removed = await session.execute(
    '[await deps.remove("small-thing"), await deps.remove("small-thing"), await deps.list()]',
  );

  expect(valueOf(added)).toEqual({ name: "small-thing", version: "1.2.3" });
  expect(valueOf(used)).toBe("1.2.3");
  expect(valueOf(listed)).toEqual([{ name: "small-thing", version: "1.2.3" }]);
  expect(valueOf(synced)).toEqual([{ name: "small-thing", version: "1.2.3" }]);
  expect(valueOf(removed)).toEqual([true, false, []]);
  expect(await readdir(join(cwd, "workspace"))).not.toContain("ran.txt");
});

test("packages added at the same time are all there", async () => {
  const names = ["one-thing", "two-thing", "three-thing"];
  const files = await Promise.all(names.map((name) => pack(name, "1.0.0", join(cwd, "workspace"))));
  await using opened = await open(ALLOWED);

  const result = await opened.session.execute(
    `await Promise.all(${JSON.stringify(files)}.map((file) => deps.add("file:./" + file))); (await deps.list()).map((one) => one.name).sort()`,
  );

  expect(valueOf(result)).toEqual(names.toSorted());
  expect(await readdir(join(cwd, "workspace/.codemode-deps"))).toEqual([]);
});

test("an archive outside the workspace is not installed, by no link either", async () => {
  const file = await pack("outside", "1.0.0", cwd);
  await symlink(join(cwd, file), join(cwd, "workspace/link.tgz"));
  await using opened = await open(ALLOWED);

  const result = await opened.session.execute('await deps.add("file:./link.tgz")');

  expect(result).toMatchObject({ ok: false, error: { code: "INVALID_ARGUMENTS" } });
});

test("what npm cannot do is told without places on the host", async () => {
  await writeFile(join(cwd, "workspace/broken.tgz"), "no archive");
  await using opened = await open(ALLOWED);

  const result = await opened.session.execute('await deps.add("file:./broken.tgz")');

  expect(result).toMatchObject({
    ok: false,
    error: { code: "DEPS_FAILED", message: expect.stringContaining("npm could not do it") },
  });
  expect(JSON.stringify(result)).not.toContain(cwd);
});

test.each([
  [{ sandbox_variant: "local-eval" }, "allow_runtime_deps"],
  [{}, "allow_runtime_deps"],
  [{ allow_runtime_deps: true }, "no files and no packages"],
])("with %j it is DEPS_DISABLED, which says why", async (config, words) => {
  await using opened = await open(config);

  const result = await opened.session.execute(
    'const codes = []; for (const ask of [() => deps.add("x"), () => deps.list(), () => deps.remove("x"), () => deps.sync()]) try { await ask() } catch (error) { codes.push([error.code, error.message]) } codes',
  );

  const codes = valueOf(result);
  expect(codes).toEqual(
    Array.from({ length: 4 }, () => ["DEPS_DISABLED", expect.stringContaining(words)]),
  );
});

test("a program's own variable of that name is its own", async () => {
  await using opened = await open({});

  const first = await opened.session.execute("const deps = [1, 2]; deps.length");
  const second = await opened.session.execute("deps.length");

  expect([valueOf(first), valueOf(second)]).toEqual([2, 2]);
});

test("docker says which workspace it needs", async () => {
  const { createDepsFromConfig } = await import("../src/deps/create-deps.ts");
  const { configSchema } = await import("../src/config-schema.ts");
  const ask = (workspace: string): unknown =>
    createDepsFromConfig(
      configSchema.parse({
        sandbox_variant: "docker",
        allow_runtime_deps: true,
        docker: { workspace },
      }),
      cwd,
    ).deps;

  expect(ask("none")).toMatchObject({ disabled: expect.stringContaining("read-only") });
  expect(ask("read-write")).toMatchObject({ disabled: expect.stringContaining("heed") });
  expect(ask("read-only")).toMatchObject({ add: expect.any(Function) });
  expect(await readFile(join(cwd, "workspace/package.json"), "utf8").catch(() => "none")).toBe(
    "none",
  );
});
