import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";

/** Lists servers. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSession(options);
  const { servers } = opened;
  if (options.json) printJson({ servers });
  else {
    if (servers.length === 0) print(noServers(opened.file));
    for (const { name, transport, status, toolCount, latencyMs, diagnostics } of servers) {
      const time = latencyMs === undefined ? "" : ` in ${latencyMs.toFixed(0)} ms`;
      print(
        `${name}  ${transport}  ${status}  ${toolCount} ${toolCount === 1 ? "tool" : "tools"}${time}`,
      );
      for (const { message } of diagnostics) print(`    ${message}`);
    }
  }
  return servers.some(({ status }) => status === "failed") ? EXIT.unavailable : EXIT.ok;
}

function noServers(file: string | undefined): string {
  return file === undefined
    ? 'No servers, and no config here. "codemode init" writes one.'
    : `No servers. Add some to "mcpServers" in ${file}.`;
}
