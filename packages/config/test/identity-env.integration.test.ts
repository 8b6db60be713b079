import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import { expect, onTestFinished, test, vi } from "vitest";

import type { SandboxBackendOptions } from "../src/index.ts";
import { createSessionFromConfig, registerSandboxVariant } from "../src/index.ts";

const identity = {
  GITHUB_TOKEN: "gho_of_the_user",
  GITLAB_TOKEN: "glpat-of-the-user",
  GOOGLE_ACCESS_TOKEN: "ya29.of-the-user",
  AZURE_ACCESS_TOKEN: "azure/of+the=user",
  COMPANY_TOKEN: 'company "token"',
};
const server = {
  command: process.execPath,
  args: [join(import.meta.dirname, "fixtures/env-server.mjs")],
};
const env = { ...process.env, ...identity, UNRELATED_TOKEN: "unrelated" };
const overrides = { mcpServers: { env: server }, identity_env: ["COMPANY_TOKEN"] };

/** None of the values, and nothing that is left of one when it is written as JSON. */
function expectNoSecret(shown: unknown): void {
  const text = JSON.stringify(shown);
  for (const value of Object.values(identity))
    expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
}

/** All that a program of the given sandbox can find of its surroundings. */
const LOOK = `
  const found = [typeof process === "undefined" ? {} : process.env];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    try { found.push(name, JSON.stringify(globalThis[name])); } catch {}
  }
  return found`;

test.each(["isolated-vm", "local-eval"])(
  "a program in %s finds no identity, and gets none from a tool that tells it",
  async (sandbox_variant) => {
    // The processes of sandboxes are started by this one.
    for (const [name, value] of Object.entries(identity)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    await using codemode = await createSessionFromConfig({
      cwd: tmpdir(),
      env,
      overrides: { ...overrides, sandbox_variant },
    });

    const looked = await codemode.session.execute(LOOK);
    const asked = await codemode.session.execute(`
      const told = await Promise.allSettled([tools.env.value({}), tools.env.text({}), tools.env.error({})]);
      console.log(told);
      return told.map((one) => one.reason?.message ?? one.value)`);

    expect(looked).toMatchObject({ ok: true });
    expectNoSecret(looked);
    expect(asked).toMatchObject({
      ok: true,
      value: [
        { env: { GITHUB_TOKEN: "[secret]", COMPANY_TOKEN: "[secret]" } },
        expect.stringContaining('"GITLAB_TOKEN":"[secret]"'),
        expect.stringContaining("[secret]"),
      ],
    });
    expectNoSecret(asked);
  },
);

test("no backend is handed the identity, whatever the variant", async () => {
  const handed: SandboxBackendOptions[] = [];
  registerSandboxVariant("watched", () =>
    Promise.resolve({
      createSandbox(options) {
        handed.push(options);
        return createLocalEvalSandbox();
      },
    }),
  );
  await using codemode = await createSessionFromConfig({
    cwd: tmpdir(),
    env,
    overrides: { ...overrides, sandbox_variant: "watched" },
  });

  expect(codemode.sandbox.variant).toBe("local-eval");
  expect(handed).toHaveLength(1);
  expectNoSecret(handed);
});

test("what is started gets the identity: servers and commands of the config and of tool files", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "codemode-identity-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await mkdir(join(cwd, "tools"));
  const filed = [
    "name: filed",
    "type: mcp",
    `command: ${server.command}`,
    `args: [${server.args.join()}]`,
  ];
  await writeFile(join(cwd, "tools/filed.yaml"), filed.join("\n"));
  // Too short for a secret, so that it is seen.
  const own = { ...server, env: { GITHUB_TOKEN: "own-1" } };
  await using codemode = await createSessionFromConfig({
    cwd,
    env,
    overrides: {
      ...overrides,
      mcpServers: { env: server, own },
      cli: { printed: { command: "printenv", args: "GITLAB_TOKEN" } },
    },
  });

  const { value } = await codemode.session.callTool("env.names", {});
  const { value: ofFile } = await codemode.session.callTool("filed.names", {});
  const { value: kept } = await codemode.session.callTool("own.value", {});

  // Where the variable is not set, it prints nothing and fails.
  const printed = await codemode.session.callTool("printed.printed", {});
  expect(JSON.stringify(printed)).toContain("[secret]");
  for (const name of Object.keys(identity)) {
    expect(value).toContain(name);
    expect(ofFile).toContain(name);
  }
  expect(value).not.toContain("UNRELATED_TOKEN");
  expect(kept).toMatchObject({ env: { GITHUB_TOKEN: "own-1" } });
});

test("identity_env false hands out nothing", async () => {
  await using codemode = await createSessionFromConfig({
    cwd: tmpdir(),
    env,
    overrides: { ...overrides, identity_env: false },
  });

  const { value } = await codemode.session.callTool("env.names", {});

  expect(value).not.toContain("TOKEN");
});
