import type { Credentials, TokenStore } from "@codemode/adapter-openapi/http";

import type { UtcpAuth } from "./auth-schema.ts";

/** What credentials are made with. */
export interface CredentialContext {
  readonly tokens: TokenStore;
  /** The request is one that a manual from the web describes. */
  readonly isDeclared: boolean;
  readonly signal: AbortSignal;
}

const NONE: Credentials = { headers: [], query: [], cookies: [] };

/** What goes with a request to prove who calls. Fetches a token where one is due. */
export async function toCredentials(
  auth: UtcpAuth | null | undefined,
  { tokens, isDeclared, signal }: CredentialContext,
): Promise<Credentials> {
  if (!auth) return NONE;
  switch (auth.auth_type) {
    case "api_key": {
      const pair = [auth.var_name, auth.api_key] as const;
      if (auth.location === "query") return { ...NONE, query: [pair] };
      return auth.location === "cookie"
        ? { ...NONE, cookies: [pair] }
        : { ...NONE, headers: [pair] };
    }
    case "basic": {
      const pair = Buffer.from(`${auth.username}:${auth.password}`).toString("base64");
      return { ...NONE, headers: [["authorization", `Basic ${pair}`]] };
    }
    case "oauth2": {
      const { token_url: tokenUrl, client_id: clientId, client_secret: clientSecret } = auth;
      const scopes = (auth.scope ?? "").split(" ").filter((scope) => scope !== "");
      const scheme = "oauth2";
      const request = { scheme, tokenUrl, isDeclared, clientId, clientSecret, scopes };
      return {
        ...NONE,
        headers: [["authorization", `Bearer ${await tokens.get(request, signal)}`]],
      };
    }
    case "oauth2_user":
      return { ...NONE, headers: [[auth.var_name, `${auth.prefix}${auth.access_token}`]] };
    default:
      return NONE;
  }
}
