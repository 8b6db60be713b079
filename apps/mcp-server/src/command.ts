import { readFileSync } from "node:fs";

import { createSessionFromConfig, toHttpOptions } from "@codemode/config";
import { escapeTerminalText, isCodemodeError } from "@codemode/core";
import { ASK_THE_CLIENT, serveMcp } from "@codemode/toolset/mcp";
import { Command, CommanderError } from "commander";

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
    await serve(program.parse().opts<Options>(), version);
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

interface Options {
  readonly config?: string;
  readonly http?: boolean;
}

async function serve(options: Options, version: string): Promise<void> {
  const overHttp = options.http === true;
  await using opened = await createSessionFromConfig({
    configPath: options.config,
    // Over HTTP there may be many users: each starts a session of its own and goes on by its handle.
    defaultGuest: overHttp ? "fresh" : "shared",
    ...ASK_THE_CLIENT,
    onProgress: note,
  });
  const { session, config, diagnostics } = opened;
  for (const { message } of diagnostics) note(message);
  await serveMcp({
    session,
    capabilities: opened.sandbox.capabilities,
    version,
    allowDirectToolCalls: config.allow_direct_tool_calls,
    codemode: config.codemode,
    skills: config.skills === true,
    graceMs: config.shutdown_grace_ms,
    ...(overHttp ? { http: toHttpOptions(config.http) } : {}),
    onListening: (url) => note(`listening on ${url}`),
  });
}

function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
