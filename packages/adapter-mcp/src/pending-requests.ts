import type { JSONRPCMessage } from "@modelcontextprotocol/client";

import type { RequestId } from "./broken-reply.ts";

/** The requests that have no answer yet, and their methods. */
export interface PendingRequests extends ReadonlyMap<RequestId, string> {
  /** Remembers a request that goes out; forgets one that is given up. */
  sent(message: JSONRPCMessage): void;
  /** Forgets the request that this answers. Returns its method. */
  answered(message: JSONRPCMessage): string | undefined;
}

/** Nothing pending yet. */
export function createPendingRequests(): PendingRequests {
  const pending = new Map<RequestId, string>();
  return Object.assign(pending, {
    sent(message: JSONRPCMessage): void {
      if (!("method" in message)) return;
      if ("id" in message) pending.set(message.id, message.method);
      else if (message.method === "notifications/cancelled") {
        const id = message.params?.["requestId"];
        if (typeof id === "string" || typeof id === "number") pending.delete(id);
      }
    },
    answered(message: JSONRPCMessage): string | undefined {
      if ("method" in message || message.id === undefined) return undefined;
      const method = pending.get(message.id);
      pending.delete(message.id);
      return method;
    },
  });
}
