import type { FetchLike } from "@modelcontextprotocol/client";

// How long a late request may still ask for what another one has just got.
const KEEP_MS = 10_000;
const CREDENTIALS_MS = 300;

/**
 * `fetch` for calls in parallel whose token has run out: of equal requests for tokens one is sent,
 * and who was refused with an old token tries the new one before asking for another.
 */
export function refreshOnce(
  next: FetchLike,
  currentToken: () => Promise<string | undefined>,
): FetchLike {
  const grants = new Map<string, Promise<Response>>();
  return async (url, init) => {
    const grant = grantOf(url, init?.body);
    if (grant !== undefined) {
      const sent = grants.get(grant) ?? next(url, init);
      if (!grants.has(grant)) {
        grants.set(grant, sent);
        const forget = (): boolean => grants.delete(grant);
        // Whoever still has the old refresh token must not spend it again; credentials can be.
        const keepMs = grant.includes("refresh_token") ? KEEP_MS : CREDENTIALS_MS;
        setTimeout(forget, keepMs).unref();
      }
      return (await sent).clone();
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
function grantOf(url: string | URL, body: unknown): string | undefined {
  if (!(body instanceof URLSearchParams)) return undefined;
  const grant = body.get("grant_type");
  const isShared = grant === "refresh_token" || grant === "client_credentials";
  return isShared ? `${String(url)} ${body.toString()}` : undefined;
}
