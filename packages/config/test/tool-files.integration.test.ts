import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import type { ConfigSession } from "../src/index.ts";
import { createSessionFromConfig } from "../src/index.ts";

const NODE = `'${process.execPath}' -e 'console.log(JSON.stringify(process.argv.slice(1)))' --`;

const ECHO = `
name: echo
type: cli
command: ${JSON.stringify(NODE)}
args: "{flags} {target}"
description: Prints its arguments
timeout: 300
`;

/** A folder with these files; gone after the test. */
async function workspace(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-tools-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- a handful of small files
    await put(folder, name, text);
  }
  return folder;
}

async function put(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function open(cwd: string): Promise<ConfigSession> {
  return createSessionFromConfig({
    cwd,
    env: { TOKEN: "very-secret-token" },
    overrides: { sandbox_variant: "local-eval" },
  });
}

function errorOf(opened: ConfigSession, server: string): string | undefined {
  return opened.servers.find(({ name }) => name === server)?.error?.message;
}

test("a program calls the command of a tool file", async () => {
  const cwd = await workspace({ "tools/echo.yaml": ECHO });
  await using opened = await open(cwd);

  const result = await opened.session.execute(
    'return JSON.parse(await echo.echo({ flags: "-sV", target: "a b; id" }))',
  );

  expect(result).toMatchObject({ ok: true, value: ["-sV", "a b; id"] });
});

test("the tool of a file is called by its name, in every form", async () => {
  const recipes = "recipes: { home: { preset: { target: home }, params: { flags: {} } } }\n";
  const cwd = await workspace({ "tools/echo.yaml": `${ECHO}${recipes}parse_json: true\n` });
  await using opened = await open(cwd);

  const result = await opened.session.execute(`return [
    await echo({ target: "1" }),
    await tools.echo({ target: "2" }),
    await tools.call("echo", { target: "3" }),
    await echo.echo({ target: "4" }),
    await echo.home({}),
    await tools.call("echo.home", { flags: ["-a", "-b"] }),
    [typeof echo, echo.name, Object.keys(echo)],
    await echo({ target: "1" }, 2).catch((error) => error.code),
  ]`);

  expect(result).toMatchObject({
    ok: true,
    value: [
      ["1"],
      ["2"],
      ["3"],
      ["4"],
      ["home"],
      ["-a", "-b", "home"],
      ["function", "echo", ["echo", "home"]],
      "INVALID_ARGUMENTS",
    ],
  });
});

test("each mistake is told with file, line and key, and the other files work", async () => {
  const cwd = await workspace({
    "tools/echo.yaml": ECHO,
    "tools/a.yaml": 'name: a\nagrs: "{x}"\nschema:\n  options:\n    n: { type: int, shrt: n }\n',
    "tools/b.yaml": "name: b\ntype: htpp\n",
    "tools/c.yaml": 'name: c\nargs: "{x"\n',
    "tools/d.yaml": "name: d\nargs: ''\nenv: { A: '${NOT_SET}' }\n",
    "tools/e.yaml": "name: e\nargs: !!js/function 'x'\n",
    "tools/f.yaml": "name: f\nargs: [\n",
    "tools/g.yaml":
      "name: g\nrecipes:\n  get:\n    params: { urll: {} }\nschema:\n  positional: [{ name: url }]\n",
    "tools/h.yaml": "name: echo\nargs: ''\n",
    "tools/i.yaml": "name: no.dots\nargs: ''\n",
    "tools/j.yaml": `name: j\ndescription: ${"x".repeat(1_000_001)}\n`,
    "tools/k.yaml": `name: k\na: &a [1, 2]\nb: &b [${"*a,".repeat(60)}]\nc: [${"*b,".repeat(60)}]\n`,
    "tools/l.yaml": "name: l\ntype: http\nurl: https://{host}/x\n",
    "tools/m.yaml":
      "name: m\ntype: http\nbase_url: https://a.example\nendpoints: { a: { pth: /x } }\n",
    "tools/n.yaml": "name: n\ntype: mcp\ntransport: sse\ncommand: x\n",
    "tools/o.yaml": "name: o\n---\nname: p\n",
    "tools/q.yaml": "\uFEFFname: q\nagrs: ''\n",
    "tools/other.yml": "kind: of another program\n",
    "tools/notes.txt": "name: no tool\n",
  });
  await using opened = await open(cwd);

  expect(errorOf(opened, "a")).toContain(
    'tools/a.yaml:2: agrs: is no key here. Did you mean "args"?',
  );
  expect(errorOf(opened, "a")).toContain("tools/a.yaml:5: schema.options.n.type: ");
  expect(errorOf(opened, "a")).toContain(
    'schema.options.n.shrt: is no key here. Did you mean "short"?',
  );
  expect(errorOf(opened, "b")).toContain("tools/b.yaml:2: type: must be one of cli, http, mcp");
  expect(errorOf(opened, "c")).toContain('tools/c.yaml:2: args: has a single "{"');
  expect(errorOf(opened, "d")).toContain("tools/d.yaml:3: env.A: variable NOT_SET is not set");
  expect(errorOf(opened, "tools/e.yaml")).toContain("tools/e.yaml:2: is not YAML here");
  expect(errorOf(opened, "tools/f.yaml")).toContain("tools/f.yaml:3: is not YAML here");
  expect(errorOf(opened, "g")).toContain("tools/g.yaml:4: recipes.get.params.urll: is no argument");
  expect(errorOf(opened, "tools/h.yaml")).toContain('name: is "echo", and there is a server');
  expect(errorOf(opened, "tools/i.yaml")).toContain("tools/i.yaml:1: name: must be a name");
  expect(errorOf(opened, "j")).toContain("tools/j.yaml: is over 1000000 bytes long");
  expect(errorOf(opened, "tools/k.yaml")).toContain("aliases that unfold to too much");
  expect(errorOf(opened, "l")).toContain("tools/l.yaml:3: url: has a placeholder in its scheme");
  expect(errorOf(opened, "m")).toContain(
    'tools/m.yaml:4: endpoints.a.pth: is no key here. Did you mean "path"?',
  );
  expect(errorOf(opened, "n")).toContain('has transport "sse" and a "command"');
  expect(errorOf(opened, "tools/o.yaml")).toContain("tools/o.yaml:2: begins a second document");
  expect(errorOf(opened, "q")).toContain("tools/q.yaml:2: agrs: is no key here");
  expect(opened.servers.filter(({ status }) => status === "connected")).toMatchObject([
    { name: "echo", toolCount: 1 },
  ]);
  expect(opened.servers).toHaveLength(17);
});

test("a file that is added, changed or deleted changes what the next program can call", async () => {
  const cwd = await workspace({});
  await using opened = await open(cwd);
  const names = async (): Promise<unknown> => {
    const result = await opened.session.execute("return tools.list()");
    return result.ok ? result.value : result.error;
  };
  const until = (expected: readonly string[]): Promise<void> =>
    vi.waitFor(async () => expect(await names()).toEqual(expected), { timeout: 30_000 });
  expect(await names()).toEqual([]);

  await put(cwd, "tools/echo.yaml", ECHO);
  await until(["echo.echo"]);

  await put(cwd, "tools/echo.yaml", `${ECHO}recipes: { home: { preset: { target: home } } }\n`);
  await until(["echo.echo", "echo.home"]);

  await put(cwd, "tools/.echo.tmp", ECHO.replace("name: echo", "name: other"));
  await rename(join(cwd, "tools/.echo.tmp"), join(cwd, "tools/echo.yaml"));
  await until(["other.other"]);

  await put(cwd, "tools/twin.yaml", ECHO.replace("name: echo", "name: other"));
  await expect.poll(() => errorOf(opened, "tools/twin.yaml")).toContain("already");
  await rm(join(cwd, "tools/echo.yaml"));
  await expect.poll(() => opened.servers).toMatchObject([{ name: "other", toolCount: 1 }]);

  await rm(join(cwd, "tools"), { recursive: true });
  await until([]);

  await put(cwd, "tools/echo.yaml", ECHO);
  await until(["echo.echo"]);
});

test("commands stand in the config as well, and a wrong one is told with its key", async () => {
  const cwd = await workspace({
    "codemode.config.yaml": `
tools: [./my-tools, ./more]
cli:
  echo:
    command: ${JSON.stringify(NODE)}
    args: "{target}"
    env: { TOKEN: "\${TOKEN}" }
`,
    "more/two.yaml": ECHO.replace("name: echo", ""),
  });
  await using opened = await open(cwd);

  expect(opened.servers).toMatchObject([
    { name: "echo", status: "connected", transport: "cli" },
    { name: "two", status: "connected" },
  ]);
  expect(opened.diagnostics).toContainEqual({
    code: "TOOLS_FOLDER_MISSING",
    message: expect.stringContaining('"./my-tools"'),
  });
  await put(cwd, "codemode.config.yaml", 'cli: { echo: { args: "{", comand: x } }');
  await expect(open(cwd)).rejects.toMatchObject({
    message: expect.stringContaining('cli.echo.comand: is no key here. Did you mean "command"?'),
  });
  await put(cwd, "codemode.config.yaml", 'cli: { echo: { args: "{" } }');
  await expect(open(cwd)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("codemode.config.yaml: cli.echo.args: has a single"),
  });
});

test("a program calls a service and an MCP server of tool files", async () => {
  const service = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data: [request.url, request.headers.authorization] }));
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void service.close());
  const address = service.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const memory = join(
    import.meta.dirname,
    "../node_modules/@modelcontextprotocol/server-memory/dist/index.js",
  );
  const cwd = await workspace({
    "tools/weather.yaml": `
name: weather
type: http
url: "http://127.0.0.1:${port}/cities/{city}"
query: { units: "{units}" }
auth: { bearer: "\${TOKEN}" }
params: { units: { enum: [metric, imperial], default: metric } }
response: { pick: /data }
`,
    "tools/memory.yaml": `
name: memory
type: mcp
transport: stdio
command: ${JSON.stringify(process.execPath)}
args: [${JSON.stringify(memory)}]
env: { MEMORY_FILE_PATH: "./memory.jsonl" }
tags: [notes]
`,
  });
  await using opened = await open(cwd);

  const result = await opened.session.execute(
    'return [await weather.weather({ city: "../x" }), await memory.read_graph({})]',
  );

  expect(result).toMatchObject({
    ok: true,
    value: [["/cities/..%2Fx?units=metric", "Bearer [secret]"], { entities: [] }],
  });
  expect(opened.session.registry.get("memory.read_graph")).toMatchObject({ tags: ["notes"] });
});
