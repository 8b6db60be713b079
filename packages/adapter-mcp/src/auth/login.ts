import { randomBytes } from "node:crypto";

import { CodemodeError, isCodemodeError } from "@codemode/core";

import { orAborted } from "../abortable.ts";
import { clientInfo } from "../client-info.ts";
import { messageOf } from "../error-cause.ts";
import { createErrorWords } from "../error-words.ts";
import type { HttpServerOptions, McpServerOptions } from "../mcp-options.ts";
import { listenForCallback } from "./loopback.ts";
import { createOAuthProvider } from "./oauth-provider.ts";
import type { TokenVault } from "./token-vault.ts";
import { createFileVault } from "./token-vault.ts";

/** What a login needs beside the server's options. */
export interface LoginOptions {
  /** Told the page that the person is to open. */
  readonly onAuthorizationUrl: (url: URL) => void;
  readonly signal: AbortSignal;
  /** Default: files in the user's config folder. */
  readonly vault?: TokenVault;
}

/**
 * Logs a person in to a server: authorization code with PKCE, and a redirect to this machine. Tokens
 * go to the vault, where the adapter finds them. Gives `false` where the server wants no login.
 */
export async function logIn(
  server: McpServerOptions & HttpServerOptions,
  { onAuthorizationUrl, signal, vault = createFileVault() }: LoginOptions,
): Promise<boolean> {
  const { Client, StreamableHTTPClientTransport, UnauthorizedError } =
    await import("@modelcontextprotocol/client");
  const words = createErrorWords(server);
  const { name, url, oauth = {}, headers = {} } = server;
  const state = randomBytes(24).toString("base64url");
  await using loopback = await listenForCallback(state, oauth.redirectPort);
  const { redirectUrl } = loopback;
  let wasAsked = false;
  const login = {
    redirectUrl,
    state,
    onAuthorizationUrl(asked: URL) {
      wasAsked = true;
      addScope(asked, wantedScope);
      onAuthorizationUrl(asked);
    },
  };
  const { wantedScope = "" } = (await vault.read(url)) ?? {};
  // A client that was registered for another port is of no use.
  await vault.remove(url);
  const authProvider = createOAuthProvider({
    server: name,
    url,
    oauth,
    vault,
    redactor: words.redactor,
    login,
  });
  const connect = async (): Promise<InstanceType<typeof StreamableHTTPClientTransport>> => {
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      authProvider,
      requestInit: { headers: { ...headers } },
    });
    const client = new Client(clientInfo(), { versionNegotiation: { mode: "auto" } });
    try {
      await client.connect(transport, { signal });
      // Some servers let everybody connect, and ask for a login after that.
      await client.listTools(undefined, { signal });
      await client.close();
    } catch (error) {
      if (!UnauthorizedError.isInstance(error)) throw error;
    }
    return transport;
  };
  try {
    const transport = await connect();
    if (!wasAsked) return false;
    const answer = await orAborted(loopback.answered, signal);
    await transport.finishAuth(answer);
    return true;
  } catch (error) {
    if (isCodemodeError(error) || signal.aborted) throw error;
    const message = `The login to server "${name}" failed: ${words.redact(messageOf(error))}`;
    throw new CodemodeError("AUTH_REQUIRED", message, {
      cause: new Error(words.redact(messageOf(error))),
    });
  }
}

/** What was refused for a missing scope is asked for beside what the server asks for first. */
function addScope({ searchParams }: URL, wanted: string): void {
  const scopes = `${searchParams.get("scope") ?? ""} ${wanted}`.split(" ").filter(Boolean);
  if (scopes.length > 0) searchParams.set("scope", [...new Set(scopes)].join(" "));
}

/** Forgets a login. Gives whether there was one. */
export function logOut(
  { url }: HttpServerOptions,
  vault: TokenVault = createFileVault(),
): Promise<boolean> {
  return vault.remove(url);
}
