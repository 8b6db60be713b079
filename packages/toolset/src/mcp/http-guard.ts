import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

import {
  hostHeaderValidationResponse,
  originValidationResponse,
} from "@modelcontextprotocol/server";

/** Who may speak to an HTTP server. */
export interface HttpGuardOptions {
  /** What a client sends as `Authorization: Bearer`. Default: nothing is asked for. */
  readonly token?: string;
  /** Names that the `Host` header may have, without ports. */
  readonly allowedHosts: readonly string[];
  /** Names that the `Origin` header of a browser may have. */
  readonly allowedOrigins: readonly string[];
}

/** Refuses requests of pages that were led here by a false name (DNS rebinding), and those without the token. */
export function createHttpGuard(
  options: HttpGuardOptions,
): (request: Request) => Response | undefined {
  const hosts = [...options.allowedHosts];
  const origins = [...options.allowedOrigins];
  const expected = options.token === undefined ? undefined : digestOf(`Bearer ${options.token}`);
  return (request) => {
    const refused =
      hostHeaderValidationResponse(request, hosts) ?? originValidationResponse(request, origins);
    if (refused || !expected) return refused;
    const given = digestOf(request.headers.get("authorization") ?? "");
    return timingSafeEqual(given, expected) ? undefined : unauthorized();
  };
}

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (name === "localhost" || name === "::1") return true;
  return isIP(name) === 4 && name.startsWith("127.");
}

/** Digests are of one length, as a comparison in constant time needs. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function unauthorized(): Response {
  const message = "This server wants its token: send the header Authorization: Bearer <token>.";
  const body = { jsonrpc: "2.0", error: { code: -32_001, message }, id: null };
  return Response.json(body, { status: 401, headers: { "WWW-Authenticate": "Bearer" } });
}
