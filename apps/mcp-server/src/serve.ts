import { createSessionFromConfig, toHttpOptions } from "@codemode/config";
import { escapeTerminalText } from "@codemode/core";
import { ASK_THE_CLIENT, serveMcp } from "@codemode/toolset/mcp";

/** What the command line says. */
export interface ServeOptions {
  readonly config?: string;
  readonly http?: boolean;
}

/** Serves the session that the config describes, to its end. */
export async function serve(options: ServeOptions, version: string): Promise<void> {
  const overHttp = options.http === true;
  await using opened = await createSessionFromConfig({
    configPath: options.config,
    // Over HTTP there may be many users: each starts a session of its own and goes on by its handle.
    defaultGuest: overHttp ? "fresh" : "shared",
    ...ASK_THE_CLIENT,
    // Clients give up on servers that are slow to answer at first; one slow server is no reason to.
    discover: "beside",
    onProgress: note,
  });
  const { session, config, diagnostics } = opened;
  for (const { message } of diagnostics) note(message);
  await serveMcp({
    session,
    ready: opened.discovered,
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

/** Standard output is the protocol's. */
function note(message: string): void {
  process.stderr.write(`note: ${escapeTerminalText(message)}\n`);
}
