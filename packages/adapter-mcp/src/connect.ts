import { CodemodeError } from "@codemode/core";
import type { Client, Transport } from "@modelcontextprotocol/client";

import type { ErrorWords } from "./mcp-errors.ts";
import { connectError, statusOf } from "./mcp-errors.ts";
import type {
  HttpServerOptions,
  McpAdapterOptions,
  McpClientLike,
  McpServerOptions,
} from "./mcp-options.ts";
import type { StdioTransport } from "./stdio-transport.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/** A connection that stands. */
export interface McpConnection {
  readonly client: McpClientLike;
  /** `stdio`, `http`, `sse` or `client`. */
  readonly transport: string;
  /** Why it ended, where the transport knows better than the error at hand. */
  failure(): CodemodeError | undefined;
}

/** What a connection tells of later. */
export interface ConnectionEvents {
  readonly onClose: () => void;
  readonly onToolsChanged: () => void;
}

/** Connects as the options say. Rejects with a `CodemodeError` that names the server. */
export async function connect(
  options: McpAdapterOptions,
  words: ErrorWords,
  events: ConnectionEvents,
): Promise<McpConnection> {
  if ("client" in options)
    return { client: options.client, transport: "client", failure: () => undefined };
  try {
    if ("command" in options) {
      const { getDefaultEnvironment } = await import("@modelcontextprotocol/client/stdio");
      const env = { ...getDefaultEnvironment(), ...options.env };
      return await connectStdio(createStdioTransport(options, env, words), {
        options,
        words,
        events,
      });
    }
    return await connectHttp(options, { options, words, events });
  } catch (error) {
    throw connectError(error, words);
  }
}

interface Context {
  readonly options: McpServerOptions;
  readonly words: ErrorWords;
  readonly events: ConnectionEvents;
}

async function connectStdio(transport: StdioTransport, context: Context): Promise<McpConnection> {
  const { options, words } = context;
  try {
    const client = await handshake(transport, context, options.protocolEra ?? "legacy");
    return { client, transport: "stdio", failure: () => transport.failure() };
  } catch (error) {
    const failure = transport.failure();
    await transport.close();
    if (failure) throw failure;
    const junk = transport.junk();
    if (junk === undefined) throw error;
    const message = `Server "${words.server}" does not speak MCP on its standard output; it printed ${JSON.stringify(words.redact(junk))}. Logs belong on standard error.`;
    throw new CodemodeError("SERVER_PROTOCOL", message, { cause: error });
  }
}

/** Statuses with which a server of the older transport refuses the newer one. */
const LEGACY_STATUSES: ReadonlySet<number> = new Set([400, 404, 405, 406, 415]);

async function connectHttp(server: HttpServerOptions, context: Context): Promise<McpConnection> {
  const { SSEClientTransport, StreamableHTTPClientTransport } =
    await import("@modelcontextprotocol/client");
  const { url, headers } = splitCredentials(toUrl(server.url, context.words));
  const requestInit = { headers: { ...headers, ...server.headers } };
  const era = context.options.protocolEra ?? "auto";
  const connectSse = async (): Promise<McpConnection> => {
    const client = await handshake(new SSEClientTransport(url, { requestInit }), context, "legacy");
    return { client, transport: "sse", failure: () => undefined };
  };
  if (server.type === "sse") return connectSse();
  try {
    const client = await handshake(
      new StreamableHTTPClientTransport(url, { requestInit }),
      context,
      era,
    );
    return { client, transport: "http", failure: () => undefined };
  } catch (error) {
    if (server.type === "http" || !LEGACY_STATUSES.has(statusOf(error) ?? 0)) throw error;
    // The first error says more than that the older transport does not work either.
    return connectSse().catch(() => Promise.reject(error));
  }
}

function toUrl(url: string, words: ErrorWords): URL {
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url);
  throw new CodemodeError(
    "CONFIG_INVALID",
    `Server "${words.server}" has a "url" that is no http or https URL. Correct it.`,
  );
}

/** `fetch` refuses URLs with a user and a password: they go into a header. */
function splitCredentials(given: URL): {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
} {
  const url = new URL(given);
  const { username, password } = url;
  if (username === "" && password === "") return { url, headers: {} };
  url.username = "";
  url.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, headers: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` } };
}

async function handshake(
  transport: Transport,
  { options, events }: Context,
  era: "legacy" | "auto",
): Promise<Client> {
  const { Client } = await import("@modelcontextprotocol/client");
  const client = new Client(
    { name: "codemode", version: "0.0.0" },
    { versionNegotiation: { mode: era } },
  );
  client.setNotificationHandler("notifications/tools/list_changed", events.onToolsChanged);
  await client.connect(transport, { timeout: options.connectTimeoutMs ?? 30_000 });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has a property for it, not events
  client.onclose = events.onClose;
  return client;
}
