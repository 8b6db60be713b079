import { chmod, lstat, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { CLIENT_NAMES } from "../../src/clients/client-files.ts";
import { importServers } from "../../src/clients/import-servers.ts";
import { installInto } from "../../src/index.ts";
import { makePlaces } from "./places.ts";

const started = { command: "/usr/bin/node", args: ["/opt/apps/cli/src/main.ts", "serve"] };

test.each(CLIENT_NAMES)(
  "%s: the file is made where there is none, and a second time nothing changes",
  async (client) => {
    const places = await makePlaces({});
    const options = { client, ...started, cwd: places.cwd, env: { HOME: places.home } };

    const first = await installInto(options);
    const second = await installInto(options);

    expect(first.change).toBe("created");
    expect(second).toEqual({ file: first.file, entry: first.entry, change: "none" });
    const paths = await readdir(places.home, { recursive: true });
    expect(paths.filter((path) => path.includes("backup"))).toEqual([]);
    // What was written is what the client is read by, but ourselves are never imported.
    const { servers, diagnostics } = await importServers([client], places);
    expect([servers.size, diagnostics]).toEqual([0, []]);
  },
);

test("JSON: comments, other servers and other keys of the entry stay; the file as it was is beside it", async () => {
  const before = `{
    // mine
    "mcpServers": {
        "other": { "command": "x" },
        "codemode": { "command": "old", "env": { "A": "1" } /* a */ },
    },
    "theme": "dark"
}
`;
  const { cwd, home } = await makePlaces({ "home/.cursor/mcp.json": before });
  const path = join(home, ".cursor/mcp.json");
  await chmod(path, 0o640);

  const outcome = await installInto({ client: "cursor", ...started, cwd, env: { HOME: home } });

  const after = await readFile(path, "utf8");
  expect(outcome).toMatchObject({
    file: "~/.cursor/mcp.json",
    change: "updated",
    backup: "~/.cursor/mcp.json.codemode-backup",
  });
  expect(await readFile(`${path}.codemode-backup`, "utf8")).toBe(before);
  for (const kept of [
    "// mine",
    '"other": { "command": "x" },',
    '"A": "1"',
    "/* a */",
    '"theme": "dark"',
  ])
    expect(after).toContain(kept);
  expect(after).toContain('"/usr/bin/node"');
  expect(after).not.toContain('"old"');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
});

test("TOML: everything outside the table stays letter for letter", async () => {
  const head = `# my settings\nmodel = "gpt-5"   # best\n\n[mcp_servers.docs]\ncommand = "x" # keep\n`;
  const tail = `\n[mcp_servers.codemode.env]\nA = "1"\n\n[profiles.fast]\nnote = """\n[not.a.table]\n"""\n`;
  const { cwd, home } = await makePlaces({
    "home/.codex/config.toml": `${head}\n[mcp_servers.codemode]\ncommand = "old"\nstartup_timeout_sec = 9\n${tail}`,
    "project/.codex/config.toml": head,
  });
  const options = { client: "codex", ...started, cwd, env: { HOME: home } } as const;

  const updated = await installInto(options);
  const added = await installInto({ ...options, scope: "project" });

  expect([updated.change, added.change]).toEqual(["updated", "added"]);
  const own = `[mcp_servers.codemode]\ncommand = "/usr/bin/node"\nstartup_timeout_sec = 9\nargs = [ "/opt/apps/cli/src/main.ts", "serve" ]\n`;
  expect(await readFile(join(home, ".codex/config.toml"), "utf8")).toBe(`${head}\n${own}${tail}`);
  expect(await readFile(join(cwd, ".codex/config.toml"), "utf8")).toBe(
    `${head}\n${own.replace("startup_timeout_sec = 9\n", "")}`,
  );
  expect(await installInto(options)).toMatchObject({ change: "none" });
});

test("TOML in a form that cannot be edited safely is left as it is", async () => {
  const text = `mcp_servers = { codemode = { command = "old" } }\n`;
  const { cwd, home } = await makePlaces({ "home/.codex/config.toml": text });

  const installing = installInto({ client: "codex", ...started, cwd, env: { HOME: home } });

  await expect(installing).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("Take it out, then install again"),
  });
  expect(await readFile(join(home, ".codex/config.toml"), "utf8")).toBe(text);
});

test("a broken file is left as it is, its line told; a dry run writes nothing", async () => {
  const { cwd, home } = await makePlaces({ "home/.claude.json": "{\n  oops\n}" });
  const options = { ...started, cwd, env: { HOME: home } };

  const broken = installInto({ ...options, client: "claude-code" });
  const dry = await installInto({ ...options, client: "windsurf", dryRun: true });

  await expect(broken).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(/^~\/\.claude\.json:2: .*left as it is\.$/),
  });
  expect(dry).toMatchObject({ change: "created", entry: started });
  expect((await readdir(home)).toSorted()).toEqual([".claude.json", "x"]);
});

test("a link stays a link; what it leads to is written", async () => {
  const { cwd, home } = await makePlaces({ "home/dotfiles/mcp.json": "{}", "home/.cursor/x": "" });
  const link = join(home, ".cursor/mcp.json");
  await symlink(join(home, "dotfiles/mcp.json"), link);

  await installInto({ client: "cursor", ...started, cwd, env: { HOME: home } });

  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(JSON.parse(await readFile(join(home, "dotfiles/mcp.json"), "utf8"))).toEqual({
    mcpServers: { codemode: started },
  });
});

test("a client without a project's file says so", async () => {
  const { cwd, home } = await makePlaces({});
  const options = { client: "windsurf", ...started, cwd, env: { HOME: home } } as const;

  await expect(installInto({ ...options, scope: "project" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: 'windsurf has no file for a project. Leave "--project" away.',
  });
});
