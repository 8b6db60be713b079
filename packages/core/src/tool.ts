import type { JsonObject, JsonSchema, JsonValue } from "./json.ts";

/** What a tool says of its own behaviour. Hints of an untrusted server: they may tighten a policy, never loosen it. */
export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** One tool of the catalog. All texts and schemas are as the server gave them: untrusted. */
export interface ToolDefinition {
  /** The server's name as configured, for example `github`. */
  readonly server: string;
  /** The tool's original name on that server, for example `get-issue`. */
  readonly name: string;
  /** `server.name`: what every message, record and call uses. */
  readonly canonicalName: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly inputExamples: readonly JsonObject[];
  /** Left out of listings, still found by search and callable. */
  readonly deferLoading: boolean;
  readonly annotations: ToolAnnotations;
  readonly tags: readonly string[];
  /** The source's own metadata (`_meta` in MCP). */
  readonly meta: { readonly [key: string]: unknown };
}

/** One call on its way from a program (or a direct caller) to an adapter. */
export interface ToolCall {
  /** Canonical name, `server.tool`. */
  readonly tool: string;
  readonly args: JsonObject;
  readonly callId: string;
  readonly executionId: string;
  /** Name of the skill whose code makes it; absent of a program's own calls. */
  readonly skill?: string;
}

/**
 * One piece of a tool's answer, in the shape MCP uses: `text`, `image`, `audio`, `resource`,
 * `resource_link`. Kinds we do not know pass through.
 */
export interface ContentBlock {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
  readonly [key: string]: unknown;
}

/** A tool's answer, in the shape of an MCP `CallToolResult`. */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  /** The answer as a value, where the tool gives one. */
  readonly structuredContent?: JsonValue;
  /** The tool ran and failed; `content` says why. */
  readonly isError?: boolean;
  readonly meta?: { readonly [key: string]: unknown };
}
