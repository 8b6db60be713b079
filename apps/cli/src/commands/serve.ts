import { toHttpOptions } from "@codemode/config";
import { ASK_THE_CLIENT, serveMcp } from "@codemode/toolset/mcp";

import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, printNote } from "../output.ts";
import { ownVersion } from "../own-version.ts";

/** Serves until the client has gone or a signal comes. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const { http, host, port } = options;
  const overHttp = http === true || host !== undefined || port !== undefined;
  await using opened = await openSession(options, {
    ...ASK_THE_CLIENT,
    // Over HTTP there may be many users: each starts a session of its own and goes on by its handle.
    defaultGuest: overHttp ? "fresh" : "shared",
    // Clients give up on servers that are slow to answer at first; one slow server is no reason to.
    discover: "beside",
  });
  const { session, config } = opened;
  await serveMcp({
    session,
    ready: opened.discovered,
    capabilities: opened.sandbox.capabilities,
    version: ownVersion(),
    allowDirectToolCalls: config.allow_direct_tool_calls,
    codemode: config.codemode,
    skills: config.skills === true,
    graceMs: config.shutdown_grace_ms,
    ...(overHttp ? { http: toHttpOptions(config.http, { host, port }) } : {}),
    onListening: (url) => printNote(`note: listening on ${url}`),
  });
  return EXIT.ok;
}
