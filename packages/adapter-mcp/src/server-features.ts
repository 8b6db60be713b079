import type { JsonObject, JsonSchema, ToolDefinition } from "@codemode/core";
import { canonicalName } from "@codemode/core";

import type { McpClientLike } from "./mcp-options.ts";

/** What a server can have beside tools, as a tool: `github.resources.read`. */
export interface ServerFeature {
  readonly name: string;
  /** What the server must say it has. */
  readonly capability: "resources" | "prompts";
  readonly method: string;
  /** The part of the answer that is a list in pages. */
  readonly pages?: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
}

const text = { type: "string" };
const nothing = { type: "object", properties: {}, additionalProperties: false };

function object(
  properties: { readonly [key: string]: JsonObject },
  required: readonly string[],
): JsonObject {
  return { type: "object", properties, required: [...required] };
}

function listOf(key: string, item: JsonObject): JsonObject {
  return object({ [key]: { type: "array", items: item } }, [key]);
}

const described = { name: text, title: text, description: text };
const content = object({ uri: text, mimeType: text, text, blob: text }, ["uri"]);
const promptArgument = object({ name: text, description: text, required: { type: "boolean" } }, [
  "name",
]);
const message = object(
  {
    role: { type: "string", enum: ["user", "assistant"] },
    content: object({ type: text, text }, ["type"]),
  },
  ["role", "content"],
);

/** All of them. Their values are in the shapes of the protocol; lists are whole, without pages. */
export const SERVER_FEATURES: readonly ServerFeature[] = [
  {
    name: "resources.list",
    capability: "resources",
    method: "resources/list",
    pages: "resources",
    description: "Lists the resources of this server that have a fixed URI.",
    inputSchema: nothing,
    outputSchema: listOf(
      "resources",
      object({ uri: text, ...described, mimeType: text, size: { type: "number" } }, [
        "uri",
        "name",
      ]),
    ),
  },
  {
    name: "resources.templates",
    capability: "resources",
    method: "resources/templates/list",
    pages: "resourceTemplates",
    description: "Lists the URI templates of this server's resources.",
    inputSchema: nothing,
    outputSchema: listOf(
      "resourceTemplates",
      object({ uriTemplate: text, ...described, mimeType: text }, ["uriTemplate", "name"]),
    ),
  },
  {
    name: "resources.read",
    capability: "resources",
    method: "resources/read",
    description:
      "Reads one resource of this server. A text is in contents[0].text, bytes in base64 in contents[0].blob.",
    inputSchema: { ...object({ uri: text }, ["uri"]), additionalProperties: false },
    outputSchema: listOf("contents", content),
  },
  {
    name: "prompts.list",
    capability: "prompts",
    method: "prompts/list",
    pages: "prompts",
    description: "Lists the prompts of this server and their arguments.",
    inputSchema: nothing,
    outputSchema: listOf(
      "prompts",
      object({ ...described, arguments: { type: "array", items: promptArgument } }, ["name"]),
    ),
  },
  {
    name: "prompts.get",
    capability: "prompts",
    method: "prompts/get",
    description: "Fills in one prompt of this server and gives its messages.",
    inputSchema: {
      ...object(
        { name: text, arguments: { type: "object", additionalProperties: { type: "string" } } },
        ["name"],
      ),
      additionalProperties: false,
    },
    outputSchema: object({ description: text, messages: { type: "array", items: message } }, [
      "messages",
    ]),
  },
];

/** The features that this server has; a tool of its own that is named like one goes first. */
export function featureTools(
  server: string,
  client: McpClientLike,
  tools: readonly ToolDefinition[],
): readonly ToolDefinition[] {
  const own = new Set(tools.map((tool) => tool.name));
  const capabilities = client.getServerCapabilities?.();
  return SERVER_FEATURES.filter(
    ({ name, capability }) => capabilities?.[capability] !== undefined && !own.has(name),
  ).map(({ name, description, inputSchema, outputSchema }) => ({
    server,
    name,
    canonicalName: canonicalName(server, name),
    description,
    inputSchema,
    outputSchema,
    inputExamples: [],
    deferLoading: false,
    annotations: { readOnlyHint: true },
    tags: [],
    meta: {},
  }));
}
