import { z } from "zod";

const text = z.string().min(1);

/** What a header can be called. */
export const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "is no name of a header");

/** What a header can hold: no line break above all. */
export const headerText = z
  .string()
  .regex(
    /^[\t\u0020-\u007E\u0080-\u00FF]*$/,
    "has characters that a header cannot have, as a line break",
  );

const apiKeySchema = z.looseObject({
  auth_type: z.literal("api_key"),
  api_key: headerText.min(1),
  var_name: text.default("X-Api-Key"),
  location: z.enum(["header", "query", "cookie"]).default("header"),
});

const basicSchema = z.looseObject({
  auth_type: z.literal("basic"),
  username: z.string(),
  password: z.string(),
});

const oauth2Schema = z.looseObject({
  auth_type: z.literal("oauth2"),
  token_url: z.url(),
  client_id: text,
  client_secret: text,
  scope: z.string().nullish(),
});

/** A token that a person got by logging in elsewhere. */
const oauth2UserSchema = z.looseObject({
  auth_type: z.literal("oauth2_user"),
  access_token: headerText.min(1),
  var_name: headerName.default("Authorization"),
  prefix: headerText.default("Bearer "),
});

/** How a call template proves who calls. */
export const authSchema = z.discriminatedUnion("auth_type", [
  apiKeySchema,
  basicSchema,
  oauth2Schema,
  oauth2UserSchema,
]);

/** `auth` of a call template, with its variables filled in. */
export type UtcpAuth = z.output<typeof authSchema>;

/** What of it no message may show. */
export function authSecrets(auth: UtcpAuth | null | undefined): readonly string[] {
  if (!auth) return [];
  switch (auth.auth_type) {
    case "api_key":
      return [auth.api_key];
    case "basic":
      return [auth.password, base64(`${auth.username}:${auth.password}`)];
    case "oauth2":
      return [auth.client_secret, base64(`${auth.client_id}:${auth.client_secret}`)];
    case "oauth2_user":
      return [auth.access_token];
    default:
      return [];
  }
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
