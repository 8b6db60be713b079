import type { Redactor } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { OAuthClientProvider } from "@modelcontextprotocol/client";

import type { ErrorWords } from "../error-words.ts";
import type { HttpServerOptions, McpServerOptions } from "../mcp-options.ts";
import { createOAuthProvider } from "./oauth-provider.ts";
import { createFileVault } from "./token-vault.ts";

/** How a server is logged in to: as the options say, or with a login that is kept. */
export async function createAuthProvider(
  server: McpServerOptions & HttpServerOptions,
  { redactor }: ErrorWords,
): Promise<OAuthClientProvider | undefined> {
  const { name, url, oauth, headers = {}, vault = createFileVault() } = server;
  if (Object.keys(headers).some((header) => header.toLowerCase() === "authorization"))
    return undefined;
  if (oauth?.grant === "client_credentials") return clientCredentials(server, redactor);
  if (!oauth && !(await vault.read(url))?.tokens) return undefined;
  return createOAuthProvider({ server: name, url, oauth: oauth ?? {}, vault, redactor });
}

async function clientCredentials(
  { name, oauth = {} }: McpServerOptions & HttpServerOptions,
  redactor: Redactor,
): Promise<OAuthClientProvider> {
  const { clientId, clientSecret, scope, issuer } = oauth;
  if (clientId === undefined || clientSecret === undefined) {
    const message = `Server "${name}" logs in with "client_credentials", so its "oauth" needs "client_id" and "client_secret".`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  const { ClientCredentialsProvider } = await import("@modelcontextprotocol/client");
  const provider = new ClientCredentialsProvider({
    clientId,
    clientSecret,
    clientName: "codemode",
    ...(scope === undefined ? {} : { scope }),
    ...(issuer === undefined ? {} : { expectedIssuer: issuer }),
  });
  const save = provider.saveTokens.bind(provider);
  provider.saveTokens = (tokens) => {
    redactor.add([tokens.access_token]);
    save(tokens);
  };
  return provider;
}
