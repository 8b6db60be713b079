import type { OpenapiAdapterOptions, OpenapiCredential } from "@codemode/adapter-openapi";
import { createOpenapiAdapter } from "@codemode/adapter-openapi";
import { readSecuritySchemes } from "@codemode/adapter-openapi/http";
import type { SecurityScheme } from "@codemode/adapter-openapi/http";

import type { UtcpAuth } from "./auth-schema.ts";
import type { ToolSource } from "./tool-source.ts";

/** An OpenAPI document that stands where a manual may stand. */
export interface OpenapiManual {
  readonly manual: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** Where it came from, if from the web. */
  readonly url: URL | undefined;
  /** Where its requests go, in place of its servers. */
  readonly baseUrl: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** For its operations. */
  readonly auth: UtcpAuth | null | undefined;
  readonly timeoutMs: number | undefined;
  readonly secrets: readonly string[];
}

/** Whether a document describes an HTTP service. */
export function isOpenapi(document: Readonly<Record<string, unknown>>): boolean {
  return ["openapi", "swagger", "paths"].some((key) => Object.hasOwn(document, key));
}

/** The operations of a document as tools. */
export function createOpenapiSource(manual: OpenapiManual): ToolSource {
  const adapter = createOpenapiAdapter(toOptions(manual));
  return {
    async listTools(options) {
      const { tools, diagnostics } = await adapter.listTools(options);
      const template = { call_template_type: "http" };
      const { callTool } = adapter;
      return {
        tools: tools.map((definition) => ({ definition, template, callTool })),
        diagnostics,
      };
    },
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}

function toOptions(manual: OpenapiManual): OpenapiAdapterOptions {
  const { manual: name, document: spec, url, baseUrl, headers, timeoutMs, secrets } = manual;
  const { auth, ...extra } = credentialsOf(manual);
  return {
    name,
    spec,
    secrets,
    auth,
    headers: { ...headers, ...extra.headers },
    ...(url === undefined ? {} : { specUrl: url.href }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

/** For every scheme of the document that the given credential fits; a header where there is none. */
function credentialsOf({ document, auth }: OpenapiManual): {
  readonly auth: Readonly<Record<string, OpenapiCredential>>;
  readonly headers: Readonly<Record<string, string>>;
} {
  if (!auth) return { auth: {}, headers: {} };
  const fitting = [...readSecuritySchemes(document).values()].flatMap((scheme) => {
    const credential = toCredential(auth, scheme);
    return credential === undefined ? [] : [[scheme.name, credential] as const];
  });
  const isUnknown = fitting.length === 0 && auth.auth_type === "api_key";
  const headers = isUnknown && auth.location === "header" ? { [auth.var_name]: auth.api_key } : {};
  return { auth: Object.fromEntries(fitting), headers };
}

function toCredential(auth: UtcpAuth, { raw }: SecurityScheme): OpenapiCredential | undefined {
  const { type } = raw;
  const isBasic = type === "basic" || (type === "http" && raw["scheme"] === "basic");
  switch (auth.auth_type) {
    case "api_key":
      if (type === "apiKey" && raw["name"] === auth.var_name) return auth.api_key;
      // A bearer token is a key in its header, with the word before it.
      return (type === "http" || type === "oauth2") && !isBasic
        ? auth.api_key.replace(/^Bearer /i, "")
        : undefined;
    case "basic":
      return isBasic ? { username: auth.username, password: auth.password } : undefined;
    case "oauth2": {
      if (type !== "oauth2") return undefined;
      const scopes = (auth.scope ?? "").split(" ").filter((scope) => scope !== "");
      const { client_id: clientId, client_secret: clientSecret, token_url: tokenUrl } = auth;
      return { clientId, clientSecret, tokenUrl, ...(scopes.length > 0 ? { scopes } : {}) };
    }
    case "oauth2_user":
      return type === "oauth2" || (type === "http" && !isBasic) ? auth.access_token : undefined;
    default:
      return undefined;
  }
}
