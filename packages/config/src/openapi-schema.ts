import { z } from "zod";

const text = z.string().min(1);
const texts = z.record(z.string(), z.string());

const filterSchema = z
  .strictObject({
    tag: text.optional(),
    path: text.optional(),
    operation_id: text.optional(),
    method: text.optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, {
    message: "names nothing; give it a tag, path, operation_id or method",
  });

/** What is known for one security scheme. */
const CREDENTIAL =
  'has to be a text, { "username", "password" } or { "client_id", "client_secret", "scopes"?, "token_url"? }';

const credentialSchema = z.union(
  [
    text,
    z.strictObject({ username: z.string(), password: z.string() }),
    z.strictObject({
      client_id: text,
      client_secret: text,
      scopes: z.array(text).optional(),
      token_url: text.optional(),
    }),
  ],
  { error: CREDENTIAL },
);

/** The keys of one entry of `openapi`. */
export const openapiServerShape = {
  spec: text.describe(
    "The OpenAPI 3 or Swagger 2 document: a URL, or a path that starts at the config file",
  ),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where all requests go. Default: the document's servers"),
  server_variables: texts
    .optional()
    .describe("Values of the variables in the document's server URLs"),
  auth: z
    .record(text, credentialSchema)
    .optional()
    .describe(
      "Credentials by the names of the document's security schemes: a text (key or token), `{ username, password }`, or `{ client_id, client_secret, scopes, token_url }`",
    ),
  headers: texts.optional().describe("HTTP headers of every request"),
  include: z
    .array(filterSchema)
    .optional()
    .describe(
      "Operations that become tools: objects of `tag`, `path` and `operation_id` (globs), `method`. Default: all",
    ),
  exclude: z.array(filterSchema).optional().describe("Operations that do not, though included"),
  description: z
    .string()
    .optional()
    .describe("One line for people and models. Default: the document's title"),
  timeout_ms: z.number().positive().optional().meta({
    description: "Milliseconds for each call with its redirects and retries, and for the document",
    default: 30_000,
  }),
  retries: z.int().min(0).max(10).optional().meta({
    description:
      "How often GET, HEAD, PUT and DELETE are sent again after 429, 502, 503, 504 or a lost connection",
    default: 0,
  }),
  max_response_bytes: z
    .int()
    .positive()
    .optional()
    .meta({ description: "Longest answer that is read, decompressed", default: 16_777_216 }),
  max_document_bytes: z
    .int()
    .positive()
    .optional()
    .meta({ description: "Longest document that is read", default: 67_108_864 }),
  disabled: z.boolean().optional().meta({ description: "Leave this server out", default: false }),
};

/** One entry of `openapi`. */
export const openapiServerSchema = z.strictObject(openapiServerShape);

/** One entry, checked. */
export type OpenapiServerConfig = z.output<typeof openapiServerSchema>;
