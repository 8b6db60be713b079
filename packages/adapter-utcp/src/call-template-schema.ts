import { z } from "zod";

import { authSchema, headerName, headerText } from "./auth-schema.ts";

const text = z.string().min(1);
const texts = z.record(z.string(), z.string());
const headers = z.record(headerName, headerText);
const url = z
  .url({ protocol: /^https?$/ })
  // What a caller gives never decides where a request goes.
  .refine((whole) => !/^[^/]*\/\/[^/?#]*[{}]/.test(whole), "has an argument in its host or port");

const base = {
  name: z.string().optional(),
  auth: authSchema.nullish(),
  /** For the tools of an OpenAPI document that the template leads to. */
  auth_tools: authSchema.nullish(),
  allowed_communication_protocols: z.array(z.string()).nullish(),
};

const web = {
  ...base,
  headers: headers.nullish(),
  body_field: z.string().nullish(),
  header_fields: z.array(z.string()).nullish(),
  content_type: headerText.min(1).default("application/json"),
  /** Seconds, as in the protocol's own clients. */
  timeout: z.number().positive().optional(),
};

const httpSchema = z.looseObject({
  ...web,
  call_template_type: z.literal("http"),
  url,
  http_method: z.enum(["GET", "POST", "PUT", "DELETE", "PATCH"]).default("GET"),
});

const streamSchema = z.looseObject({
  ...web,
  call_template_type: z.literal("streamable_http"),
  url,
  http_method: z.enum(["GET", "POST"]).default("GET"),
  // Milliseconds here.
  timeout: z.number().positive().default(60_000),
});

const sseSchema = z.looseObject({
  ...web,
  call_template_type: z.literal("sse"),
  url,
  event_type: z.string().nullish(),
});

const stepSchema = z.looseObject({
  command: text,
  append_to_final_output: z.boolean().nullish(),
});

const cliSchema = z.looseObject({
  ...base,
  call_template_type: z.literal("cli"),
  commands: z.array(stepSchema).min(1),
  env_vars: texts.nullish(),
  working_dir: z.string().nullish(),
  /** Milliseconds. */
  timeout: z.number().positive().optional(),
});

const fileSchema = z.looseObject({
  ...base,
  call_template_type: z.literal("file"),
  file_path: text,
});

const textSchema = z.looseObject({
  ...base,
  call_template_type: z.literal("text"),
  content: z.string(),
  base_url: url.nullish(),
});

const directSchema = z.looseObject({
  ...base,
  call_template_type: z.literal("direct-call"),
  callable_name: text,
});

const mcpServerSchema = z.looseObject({
  transport: z.enum(["stdio", "http"]).optional(),
  command: text.optional(),
  args: z.array(z.string()).default([]),
  env: texts.default({}),
  cwd: z.string().nullish(),
  url: url.optional(),
  headers: texts.nullish(),
  /** Seconds. */
  timeout: z.number().positive().optional(),
});

const mcpSchema = z.looseObject({
  ...base,
  call_template_type: z.literal("mcp"),
  config: z.looseObject({
    mcpServers: z
      .record(text, mcpServerSchema)
      .refine((servers) => Object.keys(servers).length > 0, { message: "names no server" }),
  }),
});

/** A call template with its variables filled in: how a manual is found, or how one of its tools is called. */
export const callTemplateSchema = z.discriminatedUnion("call_template_type", [
  httpSchema,
  streamSchema,
  sseSchema,
  cliSchema,
  fileSchema,
  textSchema,
  directSchema,
  mcpSchema,
]);

/** The kinds there are. */
export const CALL_TEMPLATE_TYPES: readonly string[] = callTemplateSchema.options.map(
  ({ shape }) => shape.call_template_type.value,
);

/** A checked call template. */
export type CallTemplate = z.output<typeof callTemplateSchema>;
/** One that sends a request. */
export type WebTemplate = Extract<
  CallTemplate,
  { readonly call_template_type: "http" | "sse" | "streamable_http" }
>;
/** One that runs commands. */
export type CliTemplate = Extract<CallTemplate, { readonly call_template_type: "cli" }>;
/** One that calls a function of this process. */
export type DirectTemplate = Extract<CallTemplate, { readonly call_template_type: "direct-call" }>;
/** One that stands for MCP servers. */
export type McpTemplate = Extract<CallTemplate, { readonly call_template_type: "mcp" }>;
/** One of the servers of an `mcp` template. */
export type McpServer = z.output<typeof mcpServerSchema>;
