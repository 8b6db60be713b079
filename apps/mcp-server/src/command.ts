import { readFileSync } from "node:fs";

import { escapeTerminalText, isCodemodeError } from "@codemode/core";
import { Command, CommanderError } from "commander";

import type { ServeOptions } from "./serve.ts";

const EXIT = { ok: 0, usage: 2, unavailable: 3 } as const;

/** Runs the command to its end and gives its exit code. */
export async function runCommand(): Promise<number> {
  const version = ownVersion();
  const program = new Command("codemode-mcp-server")
    .description("Serves code mode over MCP, on standard input and output or over HTTP.")
    .option("--config <file>", "config file (default: codemode.config.jsonc, .json or .yaml here)")
    .option("--http", "over HTTP, as the config's http section says")
    .version(version, "--version")
    .exitOverride();
  try {
    const options = program.parse().opts<ServeOptions>();
    // Loaded only where there is something to serve.
    const { serve } = await import("./serve.ts");
    await serve(options, version);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    // Standard output is the protocol's.
    const message = isCodemodeError(error) ? error.message : `codemode failed: ${String(error)}`;
    process.stderr.write(`error: ${escapeTerminalText(message)}\n`);
    const isSandbox = isCodemodeError(error) && error.code.startsWith("SANDBOX_");
    return isSandbox ? EXIT.unavailable : EXIT.usage;
  }
}

function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
