import type { QuestionHandlers } from "@codemode/core";

import type { TokenVault } from "./auth/token-vault.ts";

/** A server that is started as a process and speaks over its standard streams. */
export interface StdioServerOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to the few variables every process needs (`PATH`, `HOME`, ...); ours are not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A server that is reached by URL. */
export interface HttpServerOptions {
  readonly url: string;
  /** `http` is Streamable HTTP, `sse` its predecessor. Default: the first, and where that is refused the second. */
  readonly type?: "http" | "sse";
  readonly headers?: Readonly<Record<string, string>>;
  /** How to log in, where the server does not say so itself. */
  readonly oauth?: OAuthOptions;
  /** Where logins are kept. Default: files in the user's config folder. */
  readonly vault?: TokenVault;
}

/** OAuth at one server. What is not given is found out or registered at login. */
export interface OAuthOptions {
  /** `client_credentials` needs `clientId` and `clientSecret`, and nobody. Default: a person logs in. */
  readonly grant?: "authorization_code" | "client_credentials";
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** An `https` URL that describes this client, for servers that take one in place of registration. */
  readonly clientMetadataUrl?: string;
  /** The authorization server that the client is registered at: the secret goes to no other. */
  readonly issuer?: string;
  /** Scopes, separated by spaces. */
  readonly scope?: string;
  /** Port of this machine that the browser comes back to. Default: any. */
  readonly redirectPort?: number;
}

/** A client of this SDK's first or second generation or anything alike. Closed with the adapter. */
export interface ClientServerOptions {
  /** A connected client, or what connects one: then it is asked again after the connection is lost. */
  readonly client: McpClientLike | (() => McpClientLike | Promise<McpClientLike>);
}

/** What the adapter uses of an MCP client. */
export interface McpClientLike {
  request(
    request: { readonly method: string; readonly params?: Record<string, unknown> },
    resultSchema: never,
    options?: {
      readonly signal?: AbortSignal;
      readonly timeout?: number;
      readonly onprogress?: (progress: {
        readonly progress: number;
        readonly total?: number | undefined;
        readonly message?: string | undefined;
      }) => void;
    },
  ): Promise<unknown>;
  close(): Promise<void>;
  /** Used for tools whose arguments are sent as headers too. */
  callTool?(
    params: { readonly name: string; readonly arguments: Record<string, unknown> },
    options: never,
  ): Promise<unknown>;
  /** Takes a method's name in the second generation, its schema in the first. */
  setNotificationHandler?(method: never, handler: never): unknown;
  /** Asks for changes where the protocol's revision has them on request only. */
  listen?(filter: { readonly toolsListChanged?: boolean }): Promise<unknown>;
  getProtocolEra?(): string | undefined;
  /** `2025-11-25` and the like. */
  getNegotiatedProtocolVersion?(): string | undefined;
  getInstructions?(): string | undefined;
  /** Without it a server has tools only. */
  getServerCapabilities?():
    | { readonly resources?: object | undefined; readonly prompts?: object | undefined }
    | undefined;
  getServerVersion?(): { readonly name: string; readonly title?: string } | undefined;
}

/**
 * Which revisions of the protocol are spoken: `2025` (or `legacy`) up to 2025-11-25, `2026` only
 * 2026-07-28, `auto` asks for that first.
 */
export type ProtocolEra = "auto" | "2025" | "2026" | "legacy";

/**
 * What is common to all servers. With `onElicit` and `onSample` a server is told that it may ask the
 * user and the user's model; those of a call go before these.
 */
export interface McpServerOptions extends QuestionHandlers {
  /** The server's name in the catalog. */
  readonly name: string;
  /** One line for people and models. Default: what the server says of itself. */
  readonly description?: string;
  /**
   * Values that no message may show, beside those of `env`, `headers`, URL queries and arguments like
   * `--token`. Shorter ones than six characters are words, not secrets.
   */
  readonly secrets?: readonly string[];
  /** For a whole listing and for each call. Default 30 000. */
  readonly timeoutMs?: number;
  /** For starting and shaking hands. Default 30 000. */
  readonly connectTimeoutMs?: number;
  /** Of one message of the server; a longer one is an error. Default 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Default `legacy` for processes (asking costs a second start), `auto` for URLs. */
  readonly protocolEra?: ProtocolEra;
  /** Names of the tools that are offered; all others do not exist here. Default: all. */
  readonly includeTools?: readonly string[];
  /** Names of tools that are not offered. Default: none. */
  readonly excludeTools?: readonly string[];
  /** Folders (paths or `file:` URLs) that the server is told to work in. Default: none. */
  readonly roots?: readonly string[];
  /** The connection (and with it the process) ends after so long without a call, until the next one. Default: it stays. */
  readonly idleStopMs?: number;
  /**
   * Whether a call whose connection broke is made once more, where the tool says that it only reads
   * or that doing it twice is doing it once. Default `false`.
   */
  readonly retry?: boolean;
}

/** What `createMcpAdapter` takes. */
export type McpAdapterOptions = McpServerOptions &
  (StdioServerOptions | HttpServerOptions | ClientServerOptions);

/** The longest message that is read where the options name no other. */
export const MAX_MESSAGE_BYTES: number = 16 * 1024 * 1024;
