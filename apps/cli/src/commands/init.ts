import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { CONFIG_FILES } from "@codemode/config";
import { CodemodeError } from "@codemode/core";

import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";

const FILE = "codemode.config.jsonc";

const TEXT = `{
  // Where programs run.
  "sandbox_variant": "isolated-vm",
  // Tool calls one program may make, and the seconds it may take.
  "max_tool_calls": 100,
  "default_timeout": 30,
  // Commands as tools. This one works as it is: codemode call versions.versions
  "cli": {
    "versions": {
      "description": "Versions of Node and its libraries",
      "command": "node -p",
      "args": "JSON.stringify(process.versions)",
      "parse_json": true,
      "annotations": { "read_only": true }
    }
  },
  // MCP servers, written as for any MCP client. \${NAME} is filled in from the environment.
  "mcpServers": {
    // "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "."] },
    // "web": { "type": "http", "url": "http://localhost:8001/mcp", "headers": { "Authorization": "Bearer \${WEB_TOKEN}" } }
  }
}
`;

const NEXT_STEPS = `wrote ${FILE}, with one tool to try:
  codemode call versions.versions
  codemode run -c "(await versions.versions()).node"
Then add servers to "mcpServers", and see: codemode servers`;

/** Writes a config to start from; never over one that is there. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const there = CONFIG_FILES.find((file) => existsSync(file));
  if (there !== undefined) throw alreadyThere(there);
  try {
    await writeFile(FILE, TEXT, { flag: "wx" });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (exists) throw alreadyThere(FILE);
    const message = `${FILE} cannot be written here.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
  if (options.json) printJson({ written: [FILE] });
  else print(NEXT_STEPS);
  return EXIT.ok;
}

/** One under another name too: the new one would be read in its place. */
function alreadyThere(file: string): CodemodeError {
  const message = `${file} is there already; it was left as it is. Move it away to start anew.`;
  return new CodemodeError("CONFIG_INVALID", message);
}
