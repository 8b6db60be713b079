import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { isRecord } from "@codemode/core";

import { isSchema } from "../../src/schema-document.ts";
import type { ToolSketch } from "./bound-tools.ts";

const MESSAGES = [
  {
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "codegen-test", version: "1.0.0" },
    },
  },
  { method: "notifications/initialized" },
  { id: 2, method: "tools/list", params: {} },
];

/** The tools of a server that is installed as a package, as it gives them itself over stdio. */
export async function listTools(
  packageName: string,
  args: readonly string[] = [],
): Promise<readonly ToolSketch[]> {
  const manifest = new URL(import.meta.resolve(`${packageName}/package.json`));
  const program = fileURLToPath(new URL(await binOf(manifest), manifest));
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    for (const message of MESSAGES) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    }
    for await (const line of createInterface({ input: child.stdout })) {
      const answer: unknown = JSON.parse(line);
      if (isRecord(answer) && answer["id"] === 2) return readTools(answer["result"]);
    }
    throw new Error(`${packageName} ended without listing its tools.`);
  } finally {
    child.kill();
  }
}

async function binOf(manifest: URL): Promise<string> {
  const { bin }: { readonly bin: unknown } = JSON.parse(await readFile(manifest, "utf8"));
  const path = isRecord(bin) ? Object.values(bin)[0] : bin;
  if (typeof path !== "string") throw new Error("The package has no program.");
  return path;
}

function readTools(result: unknown): readonly ToolSketch[] {
  if (!isRecord(result) || !Array.isArray(result["tools"])) throw new Error("No list of tools.");
  return result["tools"].map((tool: unknown): ToolSketch => {
    if (!isRecord(tool) || typeof tool["name"] !== "string" || !isSchema(tool["inputSchema"]))
      throw new Error("A tool without a name or a schema.");
    const { name, description, inputSchema, outputSchema } = tool;
    return {
      name,
      inputSchema,
      ...(typeof description === "string" ? { description } : {}),
      ...(isSchema(outputSchema) ? { outputSchema } : {}),
    };
  });
}
