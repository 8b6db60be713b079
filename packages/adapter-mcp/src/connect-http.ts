import { setTimeout as sleep } from "node:timers/promises";

import { CodemodeError } from "@codemode/core";
import type { FetchLike, Transport } from "@modelcontextprotocol/client";

import { createAuthProvider } from "./auth/auth-provider.ts";
import { refreshOnce } from "./auth/refresh-once.ts";
import { basicAuthorization } from "./basic-authorization.ts";
import type { ConnectContext } from "./connect-stdio.ts";
import type { McpConnection } from "./connect.ts";
import { statusOf } from "./error-cause.ts";
import type { ErrorWords } from "./error-words.ts";
import { createHttpFetch } from "./http-fetch.ts";
import type { HttpServerOptions, McpServerOptions, ProtocolEra } from "./mcp-options.ts";
import { MAX_MESSAGE_BYTES } from "./mcp-options.ts";
import { createPendingRequests } from "./pending-requests.ts";
import { failPending } from "./watch-answers.ts";

/** Statuses with which a server of the older transport refuses the newer one. */
const LEGACY_STATUSES: ReadonlySet<number> = new Set([400, 404, 405, 406, 415]);

/** Reaches a server by URL: Streamable HTTP, or SSE where that is asked for or all that it speaks. */
export async function connectHttp(
  server: McpServerOptions & HttpServerOptions,
  { words, handshake }: ConnectContext,
): Promise<McpConnection> {
  const { SSEClientTransport, StreamableHTTPClientTransport } =
    await import("@modelcontextprotocol/client");
  const { url, headers } = splitCredentials(toUrl(server.url, words), server.headers);
  const requestInit = { headers };
  const authProvider = await createAuthProvider(server, words);
  const common = authProvider ? { requestInit, authProvider } : { requestInit };
  const { maxMessageBytes = MAX_MESSAGE_BYTES } = server;
  const over = async (
    name: "http" | "sse",
    create: (fetch: FetchLike) => HttpTransport,
    era: ProtocolEra,
  ): Promise<McpConnection> => {
    const pending = createPendingRequests();
    let failure: CodemodeError | undefined;
    const fetch = createHttpFetch({
      words,
      maxMessageBytes,
      onEnd: (id) => failPending(transport, pending, id),
      onStreamEnd(reason) {
        // The newer transport opens its stream again; with the older one, its session is gone.
        if (!reason && name === "http") return;
        failure = reason;
        void transport.close();
      },
    });
    const transport = create(
      authProvider
        ? refreshOnce(fetch, async () => (await authProvider.tokens())?.access_token)
        : fetch,
    );
    const client = await handshake(transport, { era, pending });
    const close = async (): Promise<void> => {
      await endSession(transport);
      await client.close();
    };
    return { client, transport: name, failure: () => failure, close };
  };
  const overSse = (): Promise<McpConnection> =>
    over("sse", (fetch) => new SSEClientTransport(url, { ...common, fetch }), "legacy");
  if (server.type === "sse") return overSse();
  try {
    return await over(
      "http",
      (fetch) => new StreamableHTTPClientTransport(url, { ...common, fetch }),
      server.protocolEra ?? "auto",
    );
  } catch (error) {
    if (server.type === "http" || !LEGACY_STATUSES.has(statusOf(error) ?? 0)) throw error;
    // The first error says more than that the older transport does not work either.
    return overSse().catch(() => Promise.reject(error));
  }
}

/** The newer transport has sessions, which its server keeps until it is told. */
type HttpTransport = Transport & { readonly terminateSession?: () => Promise<void> };

// A server that is gone does not answer.
const END_MS = 500;

async function endSession(transport: HttpTransport): Promise<void> {
  // A server need not know sessions' ends, and forgets what nobody uses: either way ours is over.
  const ended = transport.terminateSession?.().catch(() => undefined);
  if (ended) await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
}

function toUrl(url: string, { server }: ErrorWords): URL {
  if (URL.canParse(url) && /^https?:/i.test(url)) return new URL(url);
  const message = `Server "${server}" has a "url" that is no http or https URL. Correct it.`;
  throw new CodemodeError("CONFIG_INVALID", message);
}

/** `fetch` refuses URLs with a user and a password: they go into a header, unless one is given. */
function splitCredentials(
  given: URL,
  headers: Readonly<Record<string, string>> = {},
): { readonly url: URL; readonly headers: Headers } {
  const url = new URL(given);
  const all = new Headers(headers);
  const authorization = basicAuthorization(url);
  if (authorization !== undefined && !all.has("authorization"))
    all.set("authorization", authorization);
  url.username = "";
  url.password = "";
  return { url, headers: all };
}
