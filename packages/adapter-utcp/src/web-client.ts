import type {
  Credentials,
  HttpAnswer,
  HttpSender,
  TokenStore,
} from "@codemode/adapter-openapi/http";
import {
  createHttpSender,
  createTokenFetcher,
  createTokenStore,
} from "@codemode/adapter-openapi/http";

import type { UtcpAuth } from "./auth-schema.ts";
import { toCredentials } from "./credentials.ts";

/** One request, with who it comes from. */
interface WebRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly auth: UtcpAuth | null | undefined;
  /** Where the request's URL was read, if from the web: only that place may then be in a private network. */
  readonly declaredBy: URL | undefined;
  /** Where a redirect may lead, beside its own origin. */
  readonly redirects: "same-origin" | "anywhere";
  readonly signal: AbortSignal;
}

/** Sends the requests of one manual. */
export interface WebClient extends AsyncDisposable {
  send(request: WebRequest): Promise<HttpAnswer>;
}

/** What a client keeps to. */
export interface WebClientOptions {
  readonly manual: string;
  /** Told every token that is fetched: none of them may be shown. */
  readonly onToken: (token: string) => void;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** A client without connections. */
export function createWebClient(options: WebClientOptions): WebClient {
  const sender = createHttpSender();
  const stores = new Map<string, TokenStore>();
  const tokensFor = (declaredBy: URL | undefined): TokenStore => {
    const key = declaredBy?.href ?? "";
    const store = stores.get(key) ?? createStore(sender, options, declaredBy);
    stores.set(key, store);
    return store;
  };
  return {
    async send(request) {
      const { auth, declaredBy, redirects, ...rest } = request;
      const tokens = tokensFor(declaredBy);
      const isDeclared = declaredBy !== undefined;
      const attempt = async (): Promise<{ answer: HttpAnswer; credentials: Credentials }> => {
        const credentials = await toCredentials(auth, { tokens, isDeclared, signal: rest.signal });
        const answer = await sender.send({
          ...rest,
          credentials,
          allowedOrigins: redirects === "anywhere" ? "any" : new Set(),
          // Wherever a redirect leads has to be public.
          isTrusted: (origin) => origin === (declaredBy ?? rest.url).origin,
          maxBytes: options.maxBytes,
        });
        return { answer, credentials };
      };
      const first = await attempt();
      // What was refused has not been done: a token that was revoked may be renewed, once.
      const wasForgotten =
        first.answer.status === 401 &&
        first.credentials.headers.some(([, value]) => tokens.forget(value.replace(/^Bearer /, "")));
      return wasForgotten ? (await attempt()).answer : first.answer;
    },
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose](),
  };
}

function createStore(
  sender: HttpSender,
  { manual, onToken, timeoutMs }: WebClientOptions,
  declaredBy: URL | undefined,
): TokenStore {
  const documentUrl = (): string | undefined => declaredBy?.href;
  const fetchToken = createTokenFetcher(sender, documentUrl);
  return createTokenStore({ server: manual, onToken, timeoutMs, documentUrl, fetchToken });
}
