#!/usr/bin/env node
import { createSessionFromConfig } from "@codemode/config";
import { escapeTerminalText, isCodemodeError } from "@codemode/core";
import { serveMcpStdio } from "@codemode/toolset/mcp";
import { Command } from "commander";

const program = new Command("codemode-mcp-server")
  .description("Serves code mode over MCP on standard input and output.")
  .option("--config <file>", "config file (default: codemode.config.jsonc, .json or .yaml here)")
  .parse();
const { config: configPath } = program.opts<{ config?: string }>();

try {
  await using opened = await createSessionFromConfig({ configPath, defaultGuest: "shared" });
  const { session, config } = opened;
  const server = serveMcpStdio({ session, allowDirectToolCalls: config.allow_direct_tool_calls });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void server.close());
  await server.closed;
} catch (error) {
  // Standard output is the protocol's.
  const message = isCodemodeError(error) ? error.message : `codemode failed: ${String(error)}`;
  process.stderr.write(`error: ${escapeTerminalText(message)}\n`);
  process.exitCode = isCodemodeError(error) && error.code.startsWith("SANDBOX_") ? 3 : 2;
}
