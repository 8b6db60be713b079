import type { ToolCall, ToolResult } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";

import { buildRequest, isHeaderValue } from "./build-request.ts";
import type { HttpAnswer, HttpSender } from "./http-sender.ts";
import type { TokenStore } from "./oauth-tokens.ts";
import type { CallWords } from "./openapi-errors.ts";
import { answerError, sendError } from "./openapi-errors.ts";
import type { OpenapiAdapterOptions } from "./openapi-options.ts";
import { MAX_RESPONSE_BYTES, TIMEOUT_MS } from "./openapi-options.ts";
import { toToolResult } from "./read-answer.ts";
import type { Operation } from "./read-operation.ts";
import { withRetries } from "./retry.ts";
import type { Credentials } from "./security.ts";
import { chooseNeed, neededSchemes, toCredentials } from "./security.ts";
import type { LoadedService } from "./service.ts";
import { allowedOrigins, baseUrlOf, isTrustedOrigin } from "./service.ts";

/** What a call works with. */
export interface CallContext {
  readonly options: OpenapiAdapterOptions;
  readonly service: LoadedService;
  readonly sender: HttpSender;
  readonly tokens: TokenStore;
  readonly signal: AbortSignal;
}

/** Makes one call of an operation. Rejects with a `CodemodeError` for everything but a success. */
export async function callOperation(call: ToolCall, context: CallContext): Promise<ToolResult> {
  const { options, service, signal } = context;
  const operation = service.catalog.operations.get(call.tool.slice(options.name.length + 1));
  if (!operation) {
    throw new CodemodeError("TOOL_NOT_FOUND", `Tool "${call.tool}" not found.`, {
      tool: call.tool,
    });
  }
  const base = baseUrlOf(options, service, operation);
  const words = wordsOf(call.tool, operation, { base, context });
  try {
    const answer = await exchange(call, operation, { context, base });
    if (answer.status < 200 || answer.status >= 300) throw answerError(answer, words);
    return decoded(answer, operation, words);
  } catch (error) {
    throw isCodemodeError(error) ? error : sendError(error, words, signal);
  }
}

interface Exchange {
  readonly context: CallContext;
  readonly base: URL;
}

async function exchange(
  { args, tool }: ToolCall,
  operation: Operation,
  { context, base }: Exchange,
): Promise<HttpAnswer> {
  const { options, service, sender, tokens, signal } = context;
  const {
    timeoutMs = TIMEOUT_MS,
    retries = 0,
    maxResponseBytes = MAX_RESPONSE_BYTES,
    auth,
  } = options;
  const request = buildRequest({ source: service.catalog.source, operation, base, args, tool });
  const deadline = performance.now() + timeoutMs;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const need = chooseNeed(operation, auth);
  const attempt = async (): Promise<{
    readonly answer: HttpAnswer;
    readonly credentials: Credentials;
  }> => {
    const credentials = await toCredentials(need, {
      schemes: service.schemes,
      auth,
      tokens,
      signal: limited,
    });
    const all = {
      ...credentials,
      headers: [...Object.entries(options.headers ?? {}), ...credentials.headers],
    };
    refuseBadHeaders(all.headers, options.name);
    const send = (): Promise<HttpAnswer> =>
      sender.send({
        ...request,
        credentials: all,
        allowedOrigins: allowedOrigins(options, service, operation),
        isTrusted: (origin) => isTrustedOrigin(options, service.url, origin),
        maxBytes: maxResponseBytes,
        signal: limited,
      });
    const answer = await withRetries(send, {
      method: request.method,
      retries,
      deadline,
      signal: limited,
    });
    return { answer, credentials };
  };
  const first = await attempt();
  if (first.answer.status !== 401) return first.answer;
  // What was refused has not been done: a token that was revoked may be renewed, once.
  const wasForgotten = first.credentials.headers.some(([, value]) =>
    tokens.forget(value.replace(/^Bearer /, "")),
  );
  return wasForgotten ? (await attempt()).answer : first.answer;
}

/** A line break at the end of a secret is seen easily by nobody. */
function refuseBadHeaders(headers: Credentials["headers"], server: string): void {
  const [bad] = headers.find(([, value]) => !isHeaderValue(value)) ?? [];
  if (bad === undefined) return;
  const message = `What server "${server}" is configured to send in the header "${bad}" holds characters that a header cannot have: a line break, perhaps. Correct "auth" or "headers".`;
  throw new CodemodeError("SERVER_UNAVAILABLE", message);
}

interface WordsContext {
  readonly base: URL;
  readonly context: CallContext;
}

function wordsOf(tool: string, operation: Operation, { base, context }: WordsContext): CallWords {
  const { options, service } = context;
  return {
    tool,
    server: options.name,
    method: operation.method.toUpperCase(),
    path: operation.path,
    origin: base.origin,
    schemes: neededSchemes(operation, service.schemes),
    sent: [...(chooseNeed(operation, options.auth)?.keys() ?? [])],
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  };
}

function decoded(
  answer: HttpAnswer,
  operation: Operation,
  { tool, method, path }: CallWords,
): ToolResult {
  try {
    return toToolResult(answer, operation);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Tool "${tool}" failed: ${method} ${path} answered HTTP ${answer.status} with broken JSON (${reason}).`;
    throw new CodemodeError("TOOL_FAILED", message, {
      cause: error,
      tool,
      details: { status: answer.status },
    });
  }
}
