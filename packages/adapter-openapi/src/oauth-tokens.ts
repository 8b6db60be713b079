import { CodemodeError } from "@codemode/core";
import * as oauth from "oauth4webapi";

import type { HttpSender } from "./http-sender.ts";

/** What a token is asked for with. */
export interface TokenRequest {
  /** Name of the security scheme, for messages. */
  readonly scheme: string;
  readonly tokenUrl: string | undefined;
  /** The URL comes from the document, not from the configuration. */
  readonly isDeclared: boolean;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

/** Tokens of the flow `clientCredentials`, kept until shortly before they expire. */
export interface TokenStore {
  /** Whoever asks at the same time waits for the same request. Rejects with `SERVER_UNAVAILABLE`. */
  get(request: TokenRequest, signal: AbortSignal): Promise<string>;
  /** Forgets a token that was refused. Tells whether it is one of this store. */
  forget(token: string): boolean;
}

/** Sends a request for a token. */
export type TokenFetcher = (
  url: URL,
  request: { readonly headers: Headers; readonly body: string; readonly signal: AbortSignal },
  isDeclared: boolean,
) => Promise<Response>;

/** What the store works with. */
export interface TokenStoreOptions {
  readonly server: string;
  /** Told every token that is fetched: none of them may be shown. */
  readonly onToken: (token: string) => void;
  /** Sends a request; the document's URL is one of another origin, perhaps. */
  readonly fetchToken: TokenFetcher;
  /** Where relative token URLs start. */
  readonly documentUrl: () => string | undefined;
  readonly timeoutMs: number;
}

interface KeptToken {
  readonly token: Promise<string>;
  /** On the clock of `performance.now()`; not known while it is fetched. */
  expiresAt: number;
}

// A token that ends while it travels is refused.
const MARGIN_MS = 10_000;
const USUAL_LIFETIME_S = 3_600;

/** An empty store. */
export function createTokenStore(options: TokenStoreOptions): TokenStore {
  const kept = new Map<string, KeptToken>();
  const values = new Map<string, string>();
  const fetchNew = async (key: string, request: TokenRequest): Promise<string> => {
    try {
      const { access_token: token, expires_in: seconds = USUAL_LIFETIME_S } = await requestToken(
        request,
        options,
      );
      options.onToken(token);
      values.set(key, token);
      const entry = kept.get(key);
      const lifetimeMs = seconds * 1_000;
      if (entry)
        entry.expiresAt = performance.now() + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 10);
      return token;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
  return {
    get(request, signal) {
      const key = JSON.stringify([request.scheme, request.tokenUrl, request.scopes]);
      const entry = kept.get(key);
      if (entry && entry.expiresAt > performance.now()) return orAborted(entry.token, signal);
      // One caller's end is not the others': the request has a time limit of its own.
      const fresh = { token: fetchNew(key, request), expiresAt: Number.POSITIVE_INFINITY };
      kept.set(key, fresh);
      return orAborted(fresh.token, signal);
    },
    forget(token) {
      const [key] = [...values].find(([, value]) => value === token) ?? [];
      if (key === undefined) return false;
      values.delete(key);
      return kept.delete(key);
    },
  };
}

async function requestToken(
  request: TokenRequest,
  options: TokenStoreOptions,
): Promise<oauth.TokenEndpointResponse> {
  const { scheme, tokenUrl = "", clientId, clientSecret, scopes, isDeclared } = request;
  const base = options.documentUrl();
  if (tokenUrl === "" || !URL.canParse(tokenUrl, base)) {
    const message = `Server "${options.server}" has no URL for tokens of "${scheme}". Set "token_url" in "auth"."${scheme}".`;
    throw new CodemodeError("SERVER_UNAVAILABLE", message);
  }
  const url = new URL(tokenUrl, base);
  const client = { client_id: clientId };
  const server = { issuer: url.origin, token_endpoint: url.href };
  const ask = async (proof: oauth.ClientAuth): Promise<oauth.TokenEndpointResponse> => {
    const parameters = new URLSearchParams(scopes.length > 0 ? { scope: scopes.join(" ") } : "");
    const response = await oauth.clientCredentialsGrantRequest(server, client, proof, parameters, {
      // Whoever configures a URL without TLS wants it so: a service on this machine.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (_url, { headers, body }) => {
        const signal = AbortSignal.timeout(options.timeoutMs);
        const sent = { headers: new Headers(headers), body: body.toString(), signal };
        return options.fetchToken(url, sent, isDeclared);
      },
    });
    return oauth.processClientCredentialsResponse(server, client, response);
  };
  try {
    return await ask(oauth.ClientSecretBasic(clientSecret)).catch((error: unknown) => {
      // Not all services decode what the standard wants encoded in a header, or look there at all.
      if (isUnknownClient(error)) return ask(oauth.ClientSecretPost(clientSecret));
      throw error;
    });
  } catch (error) {
    throw tokenError(error, { request, url, server: options.server });
  }
}

function isUnknownClient(error: unknown): boolean {
  if (error instanceof oauth.WWWAuthenticateChallengeError) return error.status === 401;
  return error instanceof oauth.ResponseBodyError && /^invalid_(client|request)$/.test(error.error);
}

interface TokenFailure {
  readonly request: TokenRequest;
  readonly url: URL;
  readonly server: string;
}

function tokenError(error: unknown, { request, url, server }: TokenFailure): CodemodeError {
  const reason = error instanceof Error ? error.message : String(error);
  const said =
    error instanceof oauth.ResponseBodyError ? `${error.error} (HTTP ${error.status})` : reason;
  const message = `Server "${server}" got no token for "${request.scheme}" at ${url.origin}${url.pathname}: ${said}. Check the client id and secret in "auth"."${request.scheme}", and its "token_url" and "scopes".`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { cause: error });
}

/** What others wait for too goes on; this one waits no longer. */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a signal's reason is whatever its owner gave
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}

const MAX_TOKEN_ANSWER_BYTES = 1_000_000;

/** Sends token requests: one whose URL the document names may not lead into a private network from elsewhere. */
export function createTokenFetcher(
  sender: HttpSender,
  documentUrl: () => string | undefined,
): TokenFetcher {
  return async (url, { headers, body, signal }, isDeclared) => {
    const document = documentUrl();
    const isLocal = document === undefined || new URL(document).origin === url.origin;
    const {
      status,
      headers: answered,
      bytes,
    } = await sender.send({
      method: "POST",
      url,
      headers,
      body,
      credentials: { headers: [], query: [], cookies: [] },
      allowedOrigins: new Set(),
      isTrusted: () => !isDeclared || isLocal,
      maxBytes: MAX_TOKEN_ANSWER_BYTES,
      signal,
    });
    const type = answered.get("content-type") ?? "";
    return new Response(bytes, { status, headers: { "content-type": type } });
  };
}
