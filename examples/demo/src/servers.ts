import { cp, mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { createMcpAdapter } from "@codemode/adapter-mcp";
import type { ToolAdapter } from "@codemode/core";

const require = createRequire(import.meta.url);

/** The entry file of an installed MCP server; nothing is downloaded. */
function serverEntry(name: string): string {
  const manifest = require.resolve(`@modelcontextprotocol/server-${name}/package.json`);
  return join(dirname(manifest), "dist/index.js");
}

/** A fresh folder with the sample reports. */
export async function createWorkspace(): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), "codemode-demo-"));
  const data = fileURLToPath(new URL("../data", import.meta.url));
  await cp(data, join(workspace, "reports"), { recursive: true });
  return workspace;
}

/** The three real servers of the demo, each a process of its own. */
export function createServers(workspace: string): readonly ToolAdapter[] {
  return [
    createMcpAdapter({
      name: "filesystem",
      command: process.execPath,
      args: [serverEntry("filesystem"), workspace],
      cwd: workspace,
    }),
    createMcpAdapter({
      name: "memory",
      command: process.execPath,
      args: [serverEntry("memory")],
      env: { MEMORY_FILE_PATH: join(workspace, "memory.jsonl") },
    }),
    createMcpAdapter({
      name: "everything",
      command: process.execPath,
      args: [serverEntry("everything")],
    }),
  ];
}
