import type { FetchLike } from "@modelcontextprotocol/client";
import { z } from "zod";

// How long a late request may still ask for what another one has just got.
const KEEP_MS = 10_000;
const LATE_MS = 2_000;
const SHORT_MS = 300;

/**
 * `fetch` for calls in parallel whose token has run out: of equal requests for tokens one is sent,
 * and who was refused with an old token tries the new one before asking for another.
 */
export function refreshOnce(
  next: FetchLike,
  currentToken: () => Promise<string | undefined>,
): FetchLike {
  const grants = new Map<string, Promise<Response>>();
  const keep = (key: string, sent: Promise<Response>, ms: number): void => {
    grants.set(key, sent);
    setTimeout(() => grants.delete(key), ms).unref();
  };
  return async (url, init) => {
    const grant = sharedGrant(init?.body);
    if (grant) {
      const key = keyOf(url, grant);
      const known = grants.get(key);
      if (known) return (await known).clone();
      const sent = next(url, init);
      const isRefresh = grant.has("refresh_token");
      keep(key, sent, isRefresh ? KEEP_MS : SHORT_MS);
      const response = await sent;
      const issued = isRefresh && response.ok ? await refreshTokenIn(response.clone()) : undefined;
      if (issued !== undefined) {
        const following = new URLSearchParams(grant);
        following.set("refresh_token", issued);
        // Whoever reads it a moment too late would spend it at once.
        keep(keyOf(url, following), sent, LATE_MS);
      }
      return response.clone();
    }
    const response = await next(url, init);
    if (response.status !== 401) return response;
    const headers = new Headers(init?.headers);
    const token = await currentToken();
    const used = headers.get("authorization");
    if (token === undefined || used === null || used === `Bearer ${token}`) return response;
    await response.body?.cancel();
    headers.set("authorization", `Bearer ${token}`);
    return next(url, { ...init, headers });
  };
}

/** Codes are used once anyway; what has no code is the same for all. */
function sharedGrant(body: unknown): URLSearchParams | undefined {
  if (!(body instanceof URLSearchParams)) return undefined;
  const grant = body.get("grant_type");
  return grant === "refresh_token" || grant === "client_credentials" ? body : undefined;
}

function keyOf(url: string | URL, grant: URLSearchParams): string {
  return `${String(url)} ${grant.toString()}`;
}

const answerSchema = z.looseObject({ refresh_token: z.string() });

async function refreshTokenIn(response: Response): Promise<string | undefined> {
  // The SDK reads the answer too, and it is the one to complain of a broken one.
  const body: unknown = await response.json().catch(() => undefined);
  return answerSchema.safeParse(body).data?.refresh_token;
}
