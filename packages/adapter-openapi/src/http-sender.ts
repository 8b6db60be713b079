import { Agent, fetch } from "undici";
import type { Response } from "undici";

import { createPublicAgent, refusePrivateAddress } from "./address-guard.ts";
import { AnswerTooLargeError, BrokenAnswerError, RedirectError } from "./http-faults.ts";
import type { Credentials } from "./security.ts";

/** One request with what may accompany it. */
interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  /** Added only for the origin of `url`; a redirect elsewhere goes without. */
  readonly credentials: Credentials;
  /** Where a redirect may lead besides. */
  readonly allowedOrigins: ReadonlySet<string> | "any";
  /** Origins that may have a private address; the others are checked. */
  readonly isTrusted: (origin: string) => boolean;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** What came back, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Decompressed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly url: URL;
}

/** Sends requests over connections of its own. */
export interface HttpSender extends AsyncDisposable {
  send(request: HttpRequest): Promise<HttpAnswer>;
}

// Each request has a time limit of its own.
const AGENT_OPTIONS = { headersTimeout: 0, bodyTimeout: 0 };
const MAX_REDIRECTS = 5;
const NO_CREDENTIALS: Credentials = { headers: [], query: [], cookies: [] };

/** A sender without connections. */
export function createHttpSender(): HttpSender {
  const agent = new Agent(AGENT_OPTIONS);
  const publicAgent = createPublicAgent(AGENT_OPTIONS);
  return {
    async send(request) {
      let hop: Hop = { ...request, headers: new Headers(request.headers) };
      for (let count = 0; ; count += 1) {
        const { origin } = hop.url;
        const isTrusted = request.isTrusted(origin);
        if (!isTrusted) refusePrivateAddress(hop.url);
        const credentials = origin === request.url.origin ? request.credentials : NO_CREDENTIALS;
        // oxlint-disable-next-line no-await-in-loop -- each request follows from the answer before
        const response = await fetch(withQuery(hop.url, credentials), {
          method: hop.method,
          headers: [...withCredentials(hop.headers, credentials)],
          body: hop.body ?? null,
          redirect: "manual",
          dispatcher: isTrusted ? agent : publicAgent,
          signal: request.signal,
        });
        const target = redirectTarget(response, hop.url);
        // oxlint-disable-next-line no-await-in-loop -- as above
        if (!target) return await readAnswer(response, hop.url, request.maxBytes);
        // oxlint-disable-next-line no-await-in-loop -- as above
        await response.body?.cancel();
        const isAllowed = mayLeadTo(request, target);
        if (!isAllowed || count === MAX_REDIRECTS)
          throw new RedirectError(response.status, target, isAllowed);
        hop = nextHop(hop, target, response.status);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([agent.destroy(), publicAgent.destroy()]);
    },
  };
}

function mayLeadTo({ url, allowedOrigins }: HttpRequest, { origin, protocol }: URL): boolean {
  if (origin === url.origin) return true;
  if (allowedOrigins === "any") return protocol === "https:" || protocol === url.protocol;
  return allowedOrigins.has(origin);
}

// What a program gave in a header may prove who it is.
const HARMLESS = new Set(["accept", "content-type"]);

type Hop = Pick<HttpRequest, "method" | "url" | "headers" | "body">;

function redirectTarget(response: Response, url: URL): URL | undefined {
  const location = response.headers.get("location");
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  if (!URL.canParse(location, url.href)) return undefined;
  const target = new URL(location, url);
  // Whatever a server puts there is no credential of ours.
  target.username = "";
  target.password = "";
  return target;
}

/** As `fetch` does it: 303, and a POST by habit, go on as GET. */
function nextHop(hop: Hop, url: URL, status: number): Hop {
  const turnsToGet =
    (status === 303 && hop.method !== "HEAD") || (status < 303 && hop.method === "POST");
  const isElsewhere = url.origin !== hop.url.origin;
  const headers = new Headers(
    [...hop.headers].filter(([name]) => !isElsewhere || HARMLESS.has(name)),
  );
  if (!turnsToGet) return { ...hop, headers, url };
  headers.delete("content-type");
  return { method: "GET", headers, url, body: undefined };
}

function withQuery(url: URL, { query }: Credentials): URL {
  const full = new URL(url);
  const pairs = query.map((pair) => pair.map((part) => encodeURIComponent(part)).join("="));
  full.search = [full.search.slice(1), ...pairs].filter((part) => part !== "").join("&");
  return full;
}

function withCredentials(headers: Headers, { headers: added, cookies }: Credentials): Headers {
  const all = new Headers(headers);
  if (!all.has("user-agent")) all.set("user-agent", "codemode");
  for (const [name, value] of added) all.set(name, value);
  const pairs = cookies.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const own = all.get("cookie");
  if (pairs.length > 0) all.set("cookie", [...(own === null ? [] : [own]), ...pairs].join("; "));
  return all;
}

async function readAnswer(response: Response, url: URL, maxBytes: number): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const headers = new Map([...response.headers].map(([name, value]) => [name, value]));
  const answer = { status: response.status, headers, url };
  if (!response.body) return { ...answer, bytes: new Uint8Array() };
  const reader = response.body.getReader();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- the next part comes after this one
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new BrokenAnswerError(response.status, error);
    });
    if (done) break;
    if (!(value instanceof Uint8Array)) continue;
    length += value.byteLength;
    if (length > maxBytes) {
      // Nobody waits for the rest.
      void reader.cancel().catch(() => undefined);
      throw new AnswerTooLargeError(maxBytes);
    }
    chunks.push(value);
  }
  return { ...answer, bytes: Uint8Array.from(Buffer.concat(chunks)) };
}
