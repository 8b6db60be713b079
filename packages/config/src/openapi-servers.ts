import type { OpenapiAdapterOptions, OpenapiCredential } from "@codemode/adapter-openapi";
import type { ToolAdapter } from "@codemode/core";

import type { Config } from "./config-schema.ts";
import type { LoadedConfig } from "./load-config.ts";
import type { OpenapiServerConfig } from "./openapi-schema.ts";

/** Adapters of the entries of `openapi`. No document is read yet; the package is loaded only where there are any. */
export async function createOpenapiAdapters(
  { openapi }: Pick<Config, "openapi">,
  { secrets, folder }: Pick<LoadedConfig, "secrets" | "folder">,
): Promise<readonly ToolAdapter[]> {
  const servers = Object.entries(openapi).filter(([, { disabled }]) => disabled !== true);
  if (servers.length === 0) return [];
  const { createOpenapiAdapter } = await import("@codemode/adapter-openapi");
  return servers.map(([name, server]) =>
    createOpenapiAdapter({
      ...toAdapterOptions(name, server),
      specFolder: folder,
      secrets: secrets.get(name) ?? [],
    }),
  );
}

function toAdapterOptions(name: string, server: OpenapiServerConfig): OpenapiAdapterOptions {
  const { include, exclude, auth } = server;
  const named = {
    baseUrl: server.base_url,
    serverVariables: server.server_variables,
    headers: server.headers,
    description: server.description,
    timeoutMs: server.timeout_ms,
    retries: server.retries,
    maxResponseBytes: server.max_response_bytes,
    maxDocumentBytes: server.max_document_bytes,
    auth:
      auth &&
      Object.fromEntries(Object.entries(auth).map(([key, one]) => [key, toCredential(one)])),
    include: include?.map(toFilter),
    exclude: exclude?.map(toFilter),
  };
  return { name, spec: server.spec, ...withoutUnset(named) };
}

/** The same object, as a type whose missing keys are missing. */
function withoutUnset<Fields extends object>(
  fields: Fields,
): { readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `fromEntries` forgets the keys
  return Object.fromEntries(given) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}

type FilterConfig = NonNullable<OpenapiServerConfig["include"]>[number];
type FilterOptions = NonNullable<OpenapiAdapterOptions["include"]>[number];

function toFilter({ tag, path, method, operation_id: operationId }: FilterConfig): FilterOptions {
  return withoutUnset({ tag, path, operationId, method });
}

type CredentialConfig = NonNullable<OpenapiServerConfig["auth"]>[string];

function toCredential(credential: CredentialConfig): OpenapiCredential {
  if (typeof credential === "string" || "username" in credential) return credential;
  const {
    client_id: clientId,
    client_secret: clientSecret,
    scopes,
    token_url: tokenUrl,
  } = credential;
  return { clientId, clientSecret, ...withoutUnset({ scopes, tokenUrl }) };
}
