import { CodemodeError } from "@codemode/core";

import type { ErrorWords } from "../error-words.ts";

/** Somebody has to log in; names the command. */
export function loginRequired(server: string, scope = ""): CodemodeError {
  const command = `codemode auth ${/^[\w.-]+$/.test(server) ? server : JSON.stringify(server)}`;
  const why = scope === "" ? "" : ` (it asks for the scope ${JSON.stringify(scope)})`;
  const message = `Server "${server}" wants you to log in${why}. Run: ${command}`;
  return new CodemodeError("AUTH_REQUIRED", message, { details: { command } });
}

/** Why a server does not let us in, and the next step. */
export function loginError({ server, hasOwnCredentials }: ErrorWords): CodemodeError {
  if (!hasOwnCredentials) return loginRequired(server);
  const message = `Server "${server}" does not take its client credentials. Check "client_id", "client_secret", "issuer" and "scope" of its "oauth".`;
  return new CodemodeError("AUTH_REQUIRED", message);
}

/** Whether this is an authorization server's refusal, or the SDK's word for one. */
export function isLoginRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "UnauthorizedError") return true;
  return "code" in error && typeof error.code === "string" && OAUTH_CODES.has(error.code);
}

const OAUTH_CODES: ReadonlySet<string> = new Set([
  "access_denied",
  "insufficient_scope",
  "invalid_client",
  "invalid_grant",
  "invalid_scope",
  "invalid_target",
  "invalid_token",
  "unauthorized_client",
]);
