import type { Redactor } from "@codemode/core";
import type { OAuthClientMetadata, OAuthClientProvider } from "@modelcontextprotocol/client";

import type { OAuthOptions } from "../mcp-options.ts";
import { loginRequired } from "./login-error.ts";
import type { StoredLogin, TokenVault } from "./token-vault.ts";

/** What a provider is made of. */
export interface ProviderOptions {
  readonly server: string;
  readonly url: string;
  readonly oauth: OAuthOptions;
  readonly vault: TokenVault;
  /** Told every token there is, so that no message shows one. */
  readonly redactor: Redactor;
  /** There only while a person logs in. */
  readonly login?: Login;
}

/** A login under way. */
interface Login {
  readonly redirectUrl: string;
  readonly state: string;
  readonly onAuthorizationUrl: (url: URL) => void;
}

// What it is where nobody logs in: it is never sent.
const NO_REDIRECT = "http://127.0.0.1/callback";

/** The SDK's view of one login: tokens out of the vault, refreshed there, and a person only while one logs in. */
export function createOAuthProvider(options: ProviderOptions): OAuthClientProvider {
  const { server, url, oauth, vault, redactor, login } = options;
  let verifier = "";
  // Read each time: another process may have logged in or refreshed meanwhile.
  const load = async (): Promise<StoredLogin> => hidden((await vault.read(url)) ?? {}, redactor);
  const save = async (changes: StoredLogin): Promise<void> => {
    await vault.write(url, hidden({ ...(await load()), ...changes }, redactor));
  };
  const { clientId, clientSecret } = oauth;

  return {
    redirectUrl: login?.redirectUrl ?? NO_REDIRECT,
    clientMetadata: clientMetadata(oauth, login?.redirectUrl ?? NO_REDIRECT),
    ...(oauth.clientMetadataUrl === undefined
      ? {}
      : { clientMetadataUrl: oauth.clientMetadataUrl }),
    state: () => login?.state ?? "",
    async clientInformation() {
      if (clientId !== undefined) {
        const secret = clientSecret === undefined ? {} : { client_secret: clientSecret };
        const issuer = oauth.issuer === undefined ? {} : { issuer: oauth.issuer };
        return { client_id: clientId, ...secret, ...issuer };
      }
      const { client } = await load();
      // Nobody is registered behind a person's back.
      if (!client && !login) throw loginRequired(server);
      return client;
    },
    saveClientInformation: (client) => save({ client }),
    tokens: async () => (await load()).tokens,
    saveTokens: (tokens) => save({ tokens }),
    async redirectToAuthorization(authorizationUrl) {
      if (login) return login.onAuthorizationUrl(authorizationUrl);
      const wantedScope = authorizationUrl.searchParams.get("scope") ?? "";
      if (wantedScope !== "") await save({ wantedScope });
      throw loginRequired(server, wantedScope);
    },
    saveCodeVerifier: (codeVerifier) => void (verifier = codeVerifier),
    codeVerifier: () => verifier,
    saveDiscoveryState: (discovery) => save({ discovery }),
    discoveryState: async () => (await load()).discovery,
    async invalidateCredentials(what) {
      const { client, tokens, discovery } = await load();
      const all = what === "all";
      const next: StoredLogin = {
        ...(client && !all && what !== "client" ? { client } : {}),
        ...(tokens && !all && what !== "tokens" ? { tokens } : {}),
        ...(discovery && !all && what !== "discovery" ? { discovery } : {}),
      };
      await vault.write(url, next);
    },
  };
}

function clientMetadata(
  { clientSecret, scope }: OAuthOptions,
  redirectUrl: string,
): OAuthClientMetadata {
  return {
    client_name: "codemode",
    redirect_uris: [redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: clientSecret === undefined ? "none" : "client_secret_basic",
    application_type: "native",
    ...(scope === undefined ? {} : { scope }),
  };
}

function hidden(login: StoredLogin, redactor: Redactor): StoredLogin {
  const { tokens, client } = login;
  const secrets = [tokens?.access_token, tokens?.refresh_token, tokens?.id_token];
  const clientSecret: unknown =
    client && "client_secret" in client ? client.client_secret : undefined;
  redactor.add([...secrets, clientSecret].filter((secret) => typeof secret === "string"));
  return login;
}
