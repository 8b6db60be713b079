import { writeFile } from "node:fs/promises";

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
  try {
    await writeFile(FILE, TEXT, { flag: "wx" });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    const message = exists
      ? `${FILE} is there already; it was left as it is.`
      : `${FILE} cannot be written here.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
  if (options.json) printJson({ written: [FILE] });
  else print(NEXT_STEPS);
  return EXIT.ok;
}
