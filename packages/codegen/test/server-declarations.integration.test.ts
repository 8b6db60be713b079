import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { ToolDefinition } from "@codemode/core";
import { bindServers } from "@codemode/core";
import { expect, test } from "vitest";

import { bindingModule, serverDeclarations } from "../src/index.ts";

const require = createRequire(import.meta.url);
const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));

function definition(
  server: string,
  tool: Partial<ToolDefinition> & { readonly name: string },
): ToolDefinition {
  return {
    server,
    canonicalName: `${server}.${tool.name}`,
    description: "",
    inputSchema: { type: "object" },
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags: [],
    meta: {},
    ...tool,
  };
}

/** A real server's tools, by the protocol itself. */
async function listTools(name: string): Promise<readonly ToolDefinition[]> {
  const manifest = require.resolve(`@modelcontextprotocol/server-${name}/package.json`);
  const child = spawn(
    process.execPath,
    [join(dirname(manifest), "dist/index.js"), ...(name === "filesystem" ? [tmpdir()] : [])],
    {
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  const send = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const info = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  };
  send({ id: 1, method: "initialize", params: info });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result }: { id?: number; result: { tools: ToolDefinition[] } } = JSON.parse(line);
      if (id === 1) {
        send({ method: "notifications/initialized" });
        send({ id: 2, method: "tools/list", params: {} });
      } else if (id === 2) return result.tools.map((tool) => definition(name, tool));
    }
    throw new Error(`${name} listed nothing`);
  } finally {
    child.kill("SIGKILL");
  }
}

/** What the compiler says of each file. */
async function compile(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "codemode-bindings-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const compilerOptions = {
    noEmit: true,
    strict: true,
    lib: ["es2024"],
    types: [],
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["*.ts"] }),
  );
  const output = await new Promise<string>((resolve) => {
    execFile(tsc, ["-p", "tsconfig.json", "--pretty", "false"], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  rmSync(folder, { recursive: true });
  return output;
}

/** Declarations, the module, and a use of every tool in both. */
async function compileServers(tools: readonly ToolDefinition[]): Promise<string> {
  const files: Record<string, string> = {};
  for (const server of bindServers(tools)) {
    const { identifier } = server;
    files[`${identifier}.d.ts`] = serverDeclarations(server).text;
    files[`${identifier}-module.d.ts`] = bindingModule(server).text;
    const names = server.tools.map((tool) => tool.identifier);
    files[`use-${identifier}.ts`] = [
      `import { ${names.join(", ")} } from "./${identifier}-module";`,
      ...names.map(
        (name) => `export const a_${name} = [${identifier}.${name}, ${name}, ${name}.raw];`,
      ),
    ].join("\n");
  }
  return compile(files);
}

test("bindings of real servers compile, and every tool is reachable", async () => {
  const listed = await Promise.all(["filesystem", "memory", "everything"].map(listTools));
  const tools = listed.flat();

  expect(tools.length).toBeGreaterThan(30);
  expect(await compileServers(tools)).toBe("");
});

test("hostile and awkward names and texts stay names and texts", async () => {
  const names = [
    "export",
    "resolve-library-id",
    "2fa",
    "then",
    "a.b",
    "a_b",
    "a-b",
    "名前",
    "constructor",
    "x; evil()",
    "`",
    "Promise",
    "T",
  ];
  const evil = "**/*.ext */ export const evil = 1; /* \u2028 */ \u202e \0 `${evil}`";
  const schema = {
    type: "object",
    properties: {
      "x-y": { type: "string", description: evil },
      __proto__2: { enum: [evil, "*/"] },
      [evil]: { type: "number", default: evil },
    },
  };
  const tools = names.map((name) =>
    definition("evil-server*/", {
      name,
      description: evil,
      inputSchema: schema,
      outputSchema: schema,
    }),
  );

  expect(await compileServers(tools)).toBe("");
});

test("types that several tools share are written once", () => {
  const address = {
    type: "object",
    properties: {
      street: { type: "string" },
      city: { type: "string" },
      country: { enum: ["DE", "FR"] },
      postalCode: { type: "string" },
      floor: { type: "number" },
    },
  };
  const tools = ["a", "b"].map((name) =>
    definition("s", {
      name,
      inputSchema: {
        type: "object",
        properties: { home: address, work: address },
        required: ["home"],
      },
    }),
  );
  const [server] = bindServers(tools);
  const text = server ? serverDeclarations(server, { docs: "none" }).text : "";

  expect(text.match(/street/g)).toHaveLength(1);
});
