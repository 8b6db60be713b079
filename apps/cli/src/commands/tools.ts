import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";

/** Lists names. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSession(options, { mentions: options.server ?? "" });
  const { names, total } = opened.session.registry.listNames({
    ...(options.server === undefined ? {} : { server: options.server }),
    includeDeferred: options.all === true,
    limit: Number.MAX_SAFE_INTEGER,
  });
  if (options.json) printJson({ names, total });
  else if (names.length > 0) print(names.join("\n"));
  return EXIT.ok;
}
