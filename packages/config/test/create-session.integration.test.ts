import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Sandbox } from "@codemode/sandbox";
import type { SessionOptions } from "@codemode/session";
import { createSession } from "@codemode/session";
import { expect, onTestFinished, test, vi } from "vitest";

import { createSessionFromConfig } from "../src/index.ts";

vi.mock("@codemode/session", { spy: true });

const here = { cwd: import.meta.dirname, env: {} };
const memory = {
  command: process.execPath,
  args: [
    join(import.meta.dirname, "../node_modules/@modelcontextprotocol/server-memory/dist/index.js"),
  ],
};

const expectDisposed = async ({ sandbox, registry }: SessionOptions): Promise<void> => {
  await expect(openGuest(sandbox)).rejects.toMatchObject({ code: "SANDBOX_DISPOSED" });
  await expect(registry.discoverAll()).resolves.toEqual([]);
};

async function openGuest(sandbox: Sandbox): Promise<void> {
  await using guest = await sandbox.openSession();
  expect(guest.state).toBe("ready");
}

test("servers are listed as they stand now; disabled ones are left out", async () => {
  await using codemode = await createSessionFromConfig({
    ...here,
    discover: false,
    overrides: { mcpServers: { memory, off: { ...memory, disabled: true } } },
  });

  const before = codemode.servers;
  await codemode.session.registry.discoverAll();

  expect(before).toMatchObject([{ name: "memory", status: "unknown" }]);
  expect(codemode.servers).toMatchObject([{ name: "memory", status: "connected" }]);
});

test("a client's server is used like one of the config's, which win", async () => {
  const home = await mkdtemp(join(tmpdir(), "codemode-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const mcpServers = { memory, web: { command: "no-such-command" } };
  await writeFile(join(home, ".claude.json"), JSON.stringify({ mcpServers }));

  await using codemode = await createSessionFromConfig({
    cwd: home,
    env: { HOME: home },
    overrides: { imports: ["claude-code"], mcpServers: { web: { ...memory, disabled: true } } },
  });

  expect(codemode.servers).toMatchObject([{ name: "memory", status: "connected" }]);
  expect(codemode.imported).toEqual(new Map([["memory", "~/.claude.json"]]));
  expect(codemode.diagnostics).toEqual([]);
});

test("when a later step fails, what was made before is disposed", async () => {
  vi.mocked(createSession).mockImplementationOnce(() => {
    throw new Error("no session today");
  });

  const opening = createSessionFromConfig({ ...here, overrides: { mcpServers: { memory } } });

  await expect(opening).rejects.toThrow("no session today");
  const [parts] = vi.mocked(createSession).mock.lastCall ?? [];
  expect(parts).toBeDefined();
  if (parts) await expectDisposed(parts);
});

test("a session that fails to close keeps neither sandbox nor registry", async () => {
  const session = await vi.importActual<{ createSession: typeof createSession }>(
    "@codemode/session",
  );
  vi.mocked(createSession).mockImplementationOnce((options) => ({
    ...session.createSession(options),
    [Symbol.asyncDispose]: () => Promise.reject(new Error("stuck")),
  }));
  const codemode = await createSessionFromConfig({
    ...here,
    overrides: { mcpServers: { memory } },
  });

  await expect(codemode[Symbol.asyncDispose]()).rejects.toThrow("stuck");
  const [parts] = vi.mocked(createSession).mock.lastCall ?? [];
  expect(parts).toBeDefined();
  if (parts) await expectDisposed(parts);
  await expect(codemode[Symbol.asyncDispose]()).resolves.toBeUndefined();
});

test("local-eval runs in the workspace beside the config, and says that it is no security boundary", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "codemode-config-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(
    join(cwd, "codemode.config.yaml"),
    "sandbox_variant: Eval\nworkspace_path: ./files\n",
  );
  await using codemode = await createSessionFromConfig({ cwd, env: {} });

  const result = await codemode.session.execute(
    'import { writeFile } from "node:fs/promises";\nawait writeFile("a.txt", "written"); 1',
  );

  expect(codemode.config.sandbox_variant).toBe("local-eval");
  expect(codemode.diagnostics).toMatchObject([
    { code: "SANDBOX_NOT_ISOLATED", message: expect.stringContaining("no security boundary") },
  ]);
  expect(result).toMatchObject({ ok: true, value: 1 });
  expect(await readFile(join(cwd, "files/a.txt"), "utf8")).toBe("written");
});
