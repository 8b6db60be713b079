#!/usr/bin/env node
import { readFileSync } from "node:fs";

import { createSessionFromConfig } from "@codemode/config";
import { escapeTerminalText, isCodemodeError } from "@codemode/core";
import { ASK_THE_CLIENT, serveMcpStdio } from "@codemode/toolset/mcp";
import { Command, CommanderError } from "commander";

const EXIT = { ok: 0, usage: 2, unavailable: 3 } as const;

process.exitCode = await main();

async function main(): Promise<number> {
  const version = ownVersion();
  const program = new Command("codemode-mcp-server")
    .description("Serves code mode over MCP on standard input and output.")
    .option("--config <file>", "config file (default: codemode.config.jsonc, .json or .yaml here)")
    .version(version, "--version")
    .exitOverride();
  try {
    const { config } = program.parse().opts<{ config?: string }>();
    await serve(config, version);
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

/** Standard output is the protocol's. */
function note(message: string): void {
  process.stderr.write(`note: ${escapeTerminalText(message)}\n`);
}

async function serve(configPath: string | undefined, version: string): Promise<void> {
  await using opened = await createSessionFromConfig({
    configPath,
    defaultGuest: "shared",
    ...ASK_THE_CLIENT,
    onProgress: note,
  });
  const { session, config, diagnostics } = opened;
  for (const { message } of diagnostics) note(message);
  const server = serveMcpStdio({
    session,
    capabilities: opened.sandbox.capabilities,
    version,
    allowDirectToolCalls: config.allow_direct_tool_calls,
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void server.drain(config.shutdown_grace_ms));
  }
  await server.closed;
}

function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
