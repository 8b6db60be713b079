import { z } from "zod";

import type { McpClientLike } from "./mcp-options.ts";

const METHOD = "notifications/tools/list_changed";

/** Hears of changed tools from a client of either generation, where it offers that. */
export function hearToolChanges(client: McpClientLike, listener: () => void): void {
  if (!client.setNotificationHandler) return;
  const handler: unknown = () => listener();
  // A method's name is a wrong argument in the first generation, where its schema names it.
  for (const method of [METHOD, z.looseObject({ method: z.literal(METHOD) })]) {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each generation names its own type
      client.setNotificationHandler(method as never, handler as never);
      break;
    } catch {
      // Tried the other way, or not to be had: the tools are those of the last listing then.
    }
  }
  // Revision 2026-07-28 tells of changes only where it is asked to; not every server can.
  if (client.getProtocolEra?.() === "modern")
    client.listen?.({ toolsListChanged: true }).catch(() => undefined);
}
