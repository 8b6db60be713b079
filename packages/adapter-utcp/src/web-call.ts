import { answerError, sendError } from "@codemode/adapter-openapi/http";
import type { JsonValue, ToolCall } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";

import { buildRequest } from "./build-request.ts";
import type { WebTemplate } from "./call-template-schema.ts";
import { readValue } from "./read-value.ts";
import { messageOf } from "./utcp-errors.ts";
import type { WebClient } from "./web-client.ts";

/** What a call of a web tool works with. */
export interface WebCallContext {
  readonly manual: string;
  readonly template: WebTemplate;
  readonly client: WebClient;
  readonly timeoutMs: number;
  readonly declaredBy: URL | undefined;
  readonly signal: AbortSignal;
}

/** Sends the request that a call template describes. Rejects with a `CodemodeError` for everything but a success. */
export async function callWebTool(call: ToolCall, context: WebCallContext): Promise<JsonValue> {
  const { manual: server, template, client, declaredBy, signal } = context;
  const request = buildRequest(call, template);
  const timeoutMs = timeoutOf(template) ?? context.timeoutMs;
  const words = {
    tool: call.tool,
    server,
    method: request.method,
    path: pathWords(template.url),
    origin: request.url.origin,
    schemes: [],
    sent: template.auth ? [template.auth.auth_type] : [],
    urlKey: "url",
    timeoutMs,
  };
  const sending = client.send({
    ...request,
    auth: template.auth,
    declaredBy,
    redirects: "same-origin",
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const answer = await sending.catch((error: unknown) => {
    throw isCodemodeError(error) ? error : sendError(error, words, signal);
  });
  if (answer.status < 200 || answer.status >= 300) throw answerError(answer, words);
  try {
    return readValue(answer, template);
  } catch (error) {
    throw brokenAnswer(error, call.tool);
  }
}

function timeoutOf(template: WebTemplate): number | undefined {
  if (template.timeout === undefined) return undefined;
  return template.call_template_type === "streamable_http"
    ? template.timeout
    : template.timeout * 1_000;
}

/** The path as the template has it: no argument and no secret of a query is in it. */
function pathWords(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, "");
  return path === "" ? "/" : path;
}

function brokenAnswer(error: unknown, tool: string): CodemodeError {
  const [reason = ""] = messageOf(error).split("\n", 1);
  const message = `Tool "${tool}" failed: its answer cannot be read (${reason}).`;
  return new CodemodeError("TOOL_FAILED", message, { tool, cause: error });
}
