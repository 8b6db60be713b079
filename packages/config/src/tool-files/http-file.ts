import type { HttpAdapterOptions, HttpEndpoint, HttpPathEndpoint } from "@codemode/adapter-http";
import type { JsonValue } from "@codemode/core";
import { z } from "zod";

import { annotationsSchema, toAnnotations } from "./annotations.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const json: z.ZodType<JsonValue> = z.json();

const paramSchema = z.strictObject({
  type: z.enum(["string", "integer", "number", "boolean", "array", "object"]).optional(),
  description: z.string().optional(),
  enum: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  default: json.optional(),
  required: z.boolean().optional(),
});

const endpointShape = {
  method: z.string().optional().describe("Default: `GET`; with a body `POST`"),
  description: z.string().optional().describe("What it is for, for people and models"),
  headers: z.record(z.string(), z.string()).optional().describe("HTTP headers"),
  query: z.record(z.string(), scalar).optional().describe("What stands behind the `?`"),
  body: z
    .strictObject({
      json: json.optional(),
      form: z.record(z.string(), scalar).optional(),
      text: z.string().optional(),
    })
    .optional()
    .describe("What the request carries"),
  params: z.record(z.string(), paramSchema).optional().describe("The placeholders"),
  response: z
    .strictObject({
      type: z.enum(["json", "text"]).optional(),
      pick: z
        .string()
        .regex(/^(?:\/|$)/, 'must be a JSON pointer, as "/data/items"')
        .optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
    })
    .optional()
    .describe("What is made of the answer"),
  annotations: annotationsSchema.optional(),
  tags: z.array(z.string()).optional().describe("Words for the search"),
};

const endpointSchema = z.strictObject({ ...endpointShape, path: z.string() });

/** The keys of a file of type `http`. */
export const httpShape = {
  ...endpointShape,
  url: z.string().optional().describe("Where the request of the file's own tool goes"),
  base_url: z.string().optional().describe("Where the paths of `endpoints` begin"),
  endpoints: z
    .record(z.string().regex(/^[A-Za-z_][\w-]{0,63}$/), endpointSchema)
    .optional()
    .describe("Further requests, each a tool"),
  auth: z
    .strictObject({
      bearer: z.string().min(1).optional(),
      basic: z.strictObject({ username: z.string(), password: z.string() }).optional(),
      api_key: z
        .strictObject({
          value: z.string().min(1),
          header: z
            .string()
            .regex(/^[\w!#$%&'*+.^`|~-]+$/, "is no name of a header")
            .optional(),
          query: z.string().min(1).optional(),
        })
        .optional(),
    })
    .optional()
    .describe("How the service knows its caller"),
  timeout: z.number().positive().optional().describe("Seconds"),
  max_response_bytes: z.int().positive().optional().describe("Of an answer"),
};

const httpSchema = z.strictObject(httpShape);

/** A file of type `http`, checked. */
export type HttpFile = z.output<typeof httpSchema>;

/** What the adapter takes. */
export function toHttpOptions(name: string, file: HttpFile): HttpAdapterOptions {
  const { url, base_url, endpoints = {}, auth, timeout, max_response_bytes } = file;
  const paths = Object.entries(endpoints).map(([tool, endpoint]): [string, HttpPathEndpoint] => [
    tool,
    { ...toEndpoint(endpoint), path: endpoint.path },
  ]);
  return {
    ...toEndpoint(file),
    name,
    url,
    baseUrl: base_url,
    endpoints: Object.fromEntries(paths),
    auth: auth && { bearer: auth.bearer, basic: auth.basic, apiKey: auth.api_key },
    timeoutMs: timeout === undefined ? undefined : timeout * 1_000,
    maxResponseBytes: max_response_bytes,
  };
}

function toEndpoint(said: Omit<z.output<typeof endpointSchema>, "path">): HttpEndpoint {
  const { method, description, headers, query, body, params, response, annotations, tags } = said;
  return {
    method,
    description,
    headers,
    query,
    body,
    params,
    response,
    annotations: annotations && toAnnotations(annotations),
    tags,
  };
}
