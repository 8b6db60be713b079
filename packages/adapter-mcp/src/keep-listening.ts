import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "@modelcontextprotocol/client";

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;

/**
 * Revision 2026-07-28 tells of changed tools only where it is asked to, and forgets that when its
 * stream breaks: it is asked again, ever more slowly, until `signal` ends. What changed meanwhile is
 * not told by anybody, so each time the tools count as changed.
 */
export async function keepListening(
  client: Client,
  signal: AbortSignal,
  onToolsChanged: () => void,
): Promise<void> {
  if (client.getServerCapabilities()?.tools?.listChanged !== true) return;
  let failures = 0;
  for (let round = 0; !signal.aborted; round += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one stream after another
      const subscription = await client.listen({ toolsListChanged: true }, { signal });
      if (round > 0) onToolsChanged();
      failures = 0;
      // oxlint-disable-next-line no-await-in-loop -- one stream after another
      if ((await subscription.closed) === "local") return;
    } catch {
      // Not every server can: the tools are those of the last listing then.
      if (round === 0) return;
      failures += 1;
    }
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
    // It rejects only where `signal` ended, which the loop looks at next.
    // oxlint-disable-next-line no-await-in-loop -- the pause between two of them
    await sleep(delay, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
