import { ASK_THE_CLIENT, serveMcpStdio } from "@codemode/toolset/mcp";

import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT } from "../output.ts";
import { ownVersion } from "../own-version.ts";

/** Serves until the client has gone or a signal comes; then running programs get their grace. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSession(options, ASK_THE_CLIENT);
  const { session, config } = opened;
  const server = serveMcpStdio({
    session,
    capabilities: opened.sandbox.capabilities,
    version: ownVersion(),
    allowDirectToolCalls: config.allow_direct_tool_calls,
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void server.drain(config.shutdown_grace_ms));
  await server.closed;
  return EXIT.ok;
}
