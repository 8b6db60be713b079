import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";
import { recordAt, textAt } from "./json-record.ts";
import type { TokenRequest, TokenStore } from "./oauth-tokens.ts";
import type { OpenapiAdapterOptions, OpenapiCredential } from "./openapi-options.ts";
import type { Operation, SecurityNeed } from "./read-operation.ts";
import { follow } from "./references.ts";

/** What proves who calls: added to a request of the origin that it is for. */
export interface Credentials {
  readonly headers: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  readonly cookies: readonly (readonly [string, string])[];
}

/** A security scheme of the document. */
export interface SecurityScheme {
  readonly name: string;
  /** What kind it is, in words: `an API key in the header "X-Key"`. */
  readonly words: string;
  readonly raw: JsonRecord;
}

/** The schemes of a document, by name. One that cannot be read is not there. */
export function readSecuritySchemes(document: JsonRecord): ReadonlyMap<string, SecurityScheme> {
  const schemes = {
    ...recordAt(document, "securityDefinitions"),
    ...recordAt(recordAt(document, "components"), "securitySchemes"),
  };
  const read = Object.entries(schemes).flatMap(([name, value]) => {
    if (!isRecord(value)) return [];
    const raw = followed(document, value);
    return raw ? [[name, { name, raw, words: wordsOf(raw) }] as const] : [];
  });
  return new Map(read);
}

function followed(document: JsonRecord, value: JsonRecord): JsonRecord | undefined {
  try {
    return follow(document, value, "a security scheme");
  } catch {
    // Whoever needs it is told that there is no such scheme.
    return undefined;
  }
}

function wordsOf(raw: JsonRecord): string {
  const type = textAt(raw, "type") ?? "unknown";
  if (type === "apiKey")
    return `an API key in the ${textAt(raw, "in") ?? "header"} "${textAt(raw, "name") ?? ""}"`;
  if (type === "http") return `HTTP ${textAt(raw, "scheme") ?? "bearer"}`;
  if (type === "basic") return "HTTP basic";
  return type === "oauth2" ? "OAuth 2" : type;
}

/** The first way to prove who calls for which all credentials are known. */
export function chooseNeed(
  { security }: Pick<Operation, "security">,
  auth: OpenapiAdapterOptions["auth"] = {},
): SecurityNeed | undefined {
  return security.find(
    (need) => need.size > 0 && [...need.keys()].every((scheme) => Object.hasOwn(auth, scheme)),
  );
}

/** What `toCredentials` needs to know. */
export interface CredentialSources {
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  readonly auth: OpenapiAdapterOptions["auth"];
  readonly tokens: TokenStore;
  readonly signal: AbortSignal;
}

/** Credentials of all schemes of a need. Fetches a token where one is due. */
export async function toCredentials(
  need: SecurityNeed | undefined,
  { schemes, auth = {}, tokens, signal }: CredentialSources,
): Promise<Credentials> {
  const all = await Promise.all(
    [...(need ?? [])].map(async ([name, scopes]) => {
      const credential = auth[name];
      const scheme = schemes.get(name);
      if (credential === undefined || !scheme) return NONE;
      if (typeof credential !== "string" && "clientId" in credential) {
        const token = await tokens.get(tokenRequest(scheme, { credential, scopes }), signal);
        return bearer(token);
      }
      return staticCredentials(scheme, credential);
    }),
  );
  return {
    headers: all.flatMap(({ headers }) => headers),
    query: all.flatMap(({ query }) => query),
    cookies: all.flatMap(({ cookies }) => cookies),
  };
}

const NONE: Credentials = { headers: [], query: [], cookies: [] };

function bearer(token: string): Credentials {
  return { ...NONE, headers: [["authorization", `Bearer ${token}`]] };
}

function staticCredentials(
  { raw }: SecurityScheme,
  credential: string | { readonly username: string; readonly password: string },
): Credentials {
  if (typeof credential !== "string") return basic(`${credential.username}:${credential.password}`);
  if (raw["type"] === "apiKey") {
    const pair = [textAt(raw, "name") ?? "", credential] as const;
    if (raw["in"] === "query") return { ...NONE, query: [pair] };
    if (raw["in"] === "cookie") return { ...NONE, cookies: [pair] };
    return { ...NONE, headers: [pair] };
  }
  const isBasic = raw["type"] === "basic" || textAt(raw, "scheme")?.toLowerCase() === "basic";
  return isBasic ? basic(credential) : bearer(credential);
}

function basic(pair: string): Credentials {
  return { ...NONE, headers: [["authorization", `Basic ${Buffer.from(pair).toString("base64")}`]] };
}

type ClientCredential = Extract<OpenapiCredential, { readonly clientId: string }>;

function tokenRequest(
  { name, raw }: SecurityScheme,
  {
    credential,
    scopes,
  }: { readonly credential: ClientCredential; readonly scopes: readonly string[] },
): TokenRequest {
  const flow = recordAt(recordAt(raw, "flows"), "clientCredentials");
  // Swagger 2 has one flow, and its URL in the scheme itself.
  const declared = textAt(flow, "tokenUrl") ?? textAt(raw, "tokenUrl");
  const tokenUrl = credential.tokenUrl ?? declared;
  return {
    scheme: name,
    tokenUrl,
    isDeclared: credential.tokenUrl === undefined,
    clientId: credential.clientId,
    clientSecret: credential.clientSecret,
    scopes: credential.scopes ?? scopes,
  };
}

/** The values of all credentials: what no message may show. */
export function credentialSecrets(auth: OpenapiAdapterOptions["auth"] = {}): readonly string[] {
  return Object.values(auth).flatMap((credential) => {
    if (typeof credential === "string") return [credential, base64(credential)];
    if ("clientSecret" in credential) {
      const { clientId, clientSecret } = credential;
      return [clientSecret, base64(`${clientId}:${clientSecret}`)];
    }
    return [credential.password, base64(`${credential.username}:${credential.password}`)];
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Whether a parameter is one that a configured scheme or header fills in. */
export function isFilledIn(
  { place, name }: { readonly place: string; readonly name: string },
  schemes: ReadonlyMap<string, SecurityScheme>,
  { auth = {}, headers = {} }: Pick<OpenapiAdapterOptions, "auth" | "headers">,
): boolean {
  const isName = (given: string): boolean => given.toLowerCase() === name.toLowerCase();
  if (place === "header" && Object.keys(headers).some(isName)) return true;
  return Object.keys(auth).some((key) => {
    const raw = schemes.get(key)?.raw;
    if (raw?.["type"] !== "apiKey" || raw["in"] !== place) return false;
    const given = textAt(raw, "name") ?? "";
    return place === "header" ? isName(given) : given === name;
  });
}

/** Names of schemes, for a message: those of the operation, or of the document where it names none. */
export function neededSchemes(
  { security }: Pick<Operation, "security">,
  schemes: ReadonlyMap<string, SecurityScheme>,
): readonly SecurityScheme[] {
  const names = new Set(security.flatMap((need) => [...need.keys()]));
  const needed = [...names].flatMap((name) => schemes.get(name) ?? []);
  return needed.length > 0 ? needed : [...schemes.values()];
}
