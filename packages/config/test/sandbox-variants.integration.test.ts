import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import type { ConfigSession, LoadSandboxBackend } from "../src/index.ts";
import { createSessionFromConfig, registerSandboxVariant, sandboxVariants } from "../src/index.ts";

// A sandbox that runs nothing: `probe` and `openSession` are what differs.
const fake = (probe: string, openSession: string): string => `
  const capabilities = { isolation: "none", hardKill: false, memoryLimit: "none", nodeApis: false, persistent: true, network: false };
  export const createSandbox = (options) => ({
    variant: "fake", capabilities, options,
    probe: async () => { ${probe} }, openSession: async () => { ${openSession} },
    prewarm: async () => {}, [Symbol.asyncDispose]: async () => {},
  });`;

const files: Readonly<Record<string, string>> = {
  "no-export.mjs": "export const makeSandbox = 1; export default 2;",
  "empty.mjs": "",
  "throws.mjs": "throw new Error(`boom in ${import.meta.filename}`);",
  "syntax.mjs": "export const = 1;",
  "factory-throws.mjs": 'export const createSandbox = () => { throw new Error("no licence"); };',
  "no-sandbox.mjs": "export const createSandbox = () => ({ run: 1 });",
  "fails.mjs": fake('throw new Error("no device");', 'throw new Error("no device");'),
  "node_modules/my-sandbox/package.json": JSON.stringify({
    name: "my-sandbox",
    type: "module",
    exports: { ".": { import: "./main.js" } },
  }),
  "node_modules/my-sandbox/main.js": fake("return { ok: true };", "throw 1;"),
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-variants-"));
  for (const [name, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- a few small files, their folders first
    await mkdir(dirname(join(folder, name)), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- as above
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const neverLoaded: LoadSandboxBackend = () => Promise.reject(new Error("never loaded"));

/** Opens what a config with this variant leads to. */
async function open(variant: string): Promise<ConfigSession> {
  const file = join(folder, "codemode.config.json");
  await writeFile(file, JSON.stringify({ sandbox_variant: variant }));
  // The path starts at the file's folder, wherever the process is.
  return createSessionFromConfig({ cwd: tmpdir(), configPath: file });
}

test.each([
  [
    "isolatd-vm",
    "CONFIG_INVALID",
    'Did you mean "isolated-vm"? There is: isolated-vm, docker, local-eval',
  ],
  ["left-pad-box", "CONFIG_INVALID", 'There is no sandbox variant "left-pad-box".'],
  ["./gone.mjs", "SANDBOX_UNAVAILABLE", '"./gone.mjs" is not there. Its path starts at the config'],
  [
    "./no-export.mjs",
    "SANDBOX_UNAVAILABLE",
    "it exports default, makeSandbox. It has to export createSandbox(options)",
  ],
  [
    "./empty.mjs",
    "SANDBOX_UNAVAILABLE",
    "it exports nothing. It has to export createSandbox(options)",
  ],
  [
    "./throws.mjs",
    "SANDBOX_UNAVAILABLE",
    "cannot be loaded: boom in ./throws.mjs. Correct the module",
  ],
  ["./syntax.mjs", "SANDBOX_UNAVAILABLE", "cannot be loaded: "],
  ["./factory-throws.mjs", "SANDBOX_UNAVAILABLE", "cannot be made: no licence."],
  ["./no-sandbox.mjs", "SANDBOX_UNAVAILABLE", "what createSandbox gives is no Sandbox."],
])("sandbox_variant %j is %s, and says why and what to do", async (variant, code, message) => {
  const opening = open(variant);

  await expect(opening).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining(folder) });
});

test("a backend that fails its probe says so there, and to whoever runs a program", async () => {
  await using opened = await open("./fails.mjs");

  const probe = await opened.sandbox.probe();
  const result = await opened.session.execute("1");

  expect(probe).toEqual({
    ok: false,
    reason: expect.stringContaining('"./fails.mjs" fails its probe: no device.'),
    remedy: expect.stringContaining("choose another sandbox_variant"),
  });
  expect(result).toMatchObject({
    ok: false,
    error: {
      code: "SANDBOX_UNAVAILABLE",
      message: expect.stringContaining("cannot open a session: no device."),
    },
  });
});

test("a package that is installed beside the config is a variant by its name", async () => {
  await using opened = await open("my-sandbox");

  expect(await opened.sandbox.probe()).toEqual({ ok: true });
  expect(opened.diagnostics).toEqual([
    { code: "SANDBOX_NOT_ISOLATED", message: expect.stringContaining('"fake"') },
  ]);
});

test("a registered variant is loaded when a config names it, and not before", async () => {
  const load = vi.fn<LoadSandboxBackend>(() =>
    Promise.resolve({
      createSandbox: ({ workspacePath, memoryMb }) =>
        createLocalEvalSandbox({ workspacePath, memoryMb }),
    }),
  );
  using registered = registerSandboxVariant("house-sandbox", load);
  expect(load).not.toHaveBeenCalled();

  await using opened = await open("House_Sandbox");
  const result = await opened.session.execute("1 + 1");

  expect(registered).toBeDefined();
  expect(load).toHaveBeenCalledOnce();
  expect(result).toMatchObject({ ok: true, value: 2 });
});

test("a name that is taken or is no name is refused, and one that is given back is unknown again", async () => {
  expect(() => registerSandboxVariant("isolated-vm", neverLoaded)).toThrow("already");
  expect(() => registerSandboxVariant("eval", neverLoaded)).toThrow("already");
  expect(() => registerSandboxVariant("./mine.ts", neverLoaded)).toThrow("small letters");
  registerSandboxVariant("brief", neverLoaded)[Symbol.dispose]();
  expect(sandboxVariants()).toEqual(["isolated-vm", "docker", "local-eval"]);
  await expect(open("brief")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("a loader that fails names its variant", async () => {
  using registered = registerSandboxVariant("broken-box", () =>
    Promise.reject(new Error("Cannot find package 'box-driver' imported from /somewhere/box.js")),
  );

  await expect(open("broken-box")).rejects.toMatchObject({
    code: "SANDBOX_UNAVAILABLE",
    message: expect.stringContaining(
      "\"broken-box\" cannot be loaded: Cannot find package 'box-driver'. Correct",
    ),
  });
  expect(registered).toBeDefined();
});
