import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, expect, test } from "vitest";

import { createSessionFromConfig } from "../src/index.ts";
import { valueOf } from "./results.ts";

const run = promisify(execFile);
const cwd = await mkdtemp(join(tmpdir(), "codemode-deps-docker-"));
const workspace = join(cwd, "workspace");
await mkdir(workspace);
// Programs in the container are another user.
await Promise.all([chmod(cwd, 0o755), chmod(workspace, 0o755)]);
afterAll(() => rm(cwd, { recursive: true }));

const { baseImage, reason } = await findImage();
if (baseImage === undefined) tellSkipped(reason);
else testDeps(baseImage);

function tellSkipped(why = ""): void {
  const remedy = "scripts/docker-daemon.sh start makes one";
  test(`packages in a container need Docker: ${why}. ${remedy}`, (context) => {
    expect({ CI: process.env["CI"] ?? "", why }).toEqual({ CI: "", why });
    context.skip(why);
  });
}

/** The image that was made here or the usual one; why Docker cannot be used where neither runs. */
async function findImage(): Promise<{ readonly baseImage?: string; readonly reason?: string }> {
  let why = "";
  for (const image of ["codemode/node-base:24", "node:24-slim"]) {
    // oxlint-disable-next-line no-await-in-loop -- the second is asked for only without the first
    const probe = await probeImage(image);
    if (probe.ok) return { baseImage: image };
    why = probe.reason;
  }
  return { reason: why };
}

async function configure(image: string): Promise<void> {
  const config = {
    sandbox_variant: "docker",
    allow_runtime_deps: true,
    default_timeout: 120,
    limits: { tool_timeout_ms: 90_000 },
    docker: { base_image: image, workspace: "read-only" },
  };
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify(config));
}

async function probeImage(
  image: string,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }> {
  await configure(image);
  await using opened = await createSessionFromConfig({ cwd });
  return await opened.sandbox.probe();
}

/** An archive of a package whose install script would leave a trace. */
async function pack(name: string, version: string): Promise<string> {
  const folder = await mkdtemp(join(cwd, "package-"));
  const scripts = { postinstall: "echo ran > ../../ran.txt" };
  const manifest = { name, version, main: "index.cjs", scripts };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.cjs"), `module.exports = () => ${JSON.stringify(version)};`);
  const { stdout } = await run("npm", [
    "pack",
    folder,
    "--pack-destination",
    workspace,
    "--silent",
  ]);
  return stdout.trim();
}

function testDeps(image: string): void {
  test("packages are added, used, listed, synced and removed by programs in a container", async () => {
    const [file, next] = [await pack("small-thing", "1.2.3"), await pack("small-thing", "2.0.0")];
    await configure(image);
    await using opened = await createSessionFromConfig({ cwd, defaultGuest: "shared" });
    const execute = async (code: string): Promise<unknown> =>
      valueOf(await opened.session.execute(code));

    expect(await execute("await deps.list()")).toEqual([]);
    expect(await execute(`await deps.add("file:./${file}")`)).toEqual({
      name: "small-thing",
      version: "1.2.3",
    });
    // In the program that has added it, in one after it, and in a new container.
    expect(await execute('import thing from "small-thing"; thing()')).toBe("1.2.3");
    expect(
      await execute(
        `await deps.remove("small-thing"); await deps.add("file:./${file}"); (await import("small-thing")).default()`,
      ),
    ).toBe("1.2.3");
    await rm(join(workspace, "node_modules"), { recursive: true });
    expect(await execute("await deps.sync()")).toEqual([{ name: "small-thing", version: "1.2.3" }]);
    expect(await execute(`await deps.add("file:./${next}")`)).toMatchObject({ version: "2.0.0" });
    await using other = await createSessionFromConfig({ cwd });
    expect(valueOf(await other.session.execute('import thing from "small-thing"; thing()'))).toBe(
      "2.0.0",
    );
    expect(
      await execute(
        '[await deps.remove("small-thing"), await deps.remove("small-thing"), await deps.list()]',
      ),
    ).toEqual([true, false, []]);
    const gone = await other.session.execute('import "small-thing"');
    expect(gone.ok).toBe(false);
    expect(await execute('const fs = await import("node:fs"); fs.existsSync("ran.txt")')).toBe(
      false,
    );
  }, 180_000);

  test("a program in a container cannot change what it has installed", async () => {
    const file = await pack("steady-thing", "1.0.0");
    await configure(image);
    await using opened = await createSessionFromConfig({ cwd, defaultGuest: "shared" });

    await opened.session.execute(`await deps.add("file:./${file}")`);
    const result = await opened.session.execute(
      'const fs = await import("node:fs"); const tries = ["node_modules/steady-thing/index.cjs", "package.json", ".npmrc"]; tries.map((path) => { try { fs.writeFileSync(path, "evil"); return "written"; } catch (error) { return error.code; } })',
    );

    expect(valueOf(result)).toEqual(["EROFS", "EROFS", "EROFS"]);
  }, 180_000);
}
