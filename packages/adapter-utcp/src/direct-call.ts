import type { JsonObject, JsonSchema, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { DirectTemplate } from "./call-template-schema.ts";
import type { ManualContext } from "./manual-context.ts";
import { messageOf, templateError } from "./utcp-errors.ts";

/** A function of this process that manuals and tools name. It gets the arguments one after another. */
export type UtcpCallable = (...args: readonly JsonValue[]) => unknown;

/** The functions that `direct-call` templates may name. */
export type UtcpCallables = Readonly<Record<string, UtcpCallable>>;

/** One call of a function. */
export interface DirectCall {
  /** Canonical name of the tool; absent where the function gives the manual. */
  readonly tool?: string;
  readonly args: JsonObject;
  /** What the tool declares: the order of its arguments. */
  readonly inputs?: JsonSchema;
  readonly signal: AbortSignal;
}

/** Calls the function that a template names and gives what it gives as JSON; what it yields is a list. */
export async function callFunction(
  { callable_name: name }: DirectTemplate,
  { manual, callables, timeoutMs }: ManualContext,
  { tool, args, inputs, signal }: DirectCall,
): Promise<JsonValue> {
  const callable = Object.hasOwn(callables, name) ? callables[name] : undefined;
  if (!callable)
    throw templateError(
      manual,
      tool,
      `there is no function "${name}"; give it to the adapter in "callables"`,
    );
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => ended.reject(limit.reason);
  limit.addEventListener("abort", onAbort, { once: true });
  try {
    limit.throwIfAborted();
    const running = Promise.try(() => callable(...inOrder(args, inputs))).then(toJson);
    return await Promise.race([running, ended.promise]);
  } catch (error) {
    const who = tool === undefined ? `Manual "${manual}"` : `Tool "${tool}"`;
    throw callFailure(error, { who, tool, timeoutMs, signal, limit });
  } finally {
    limit.removeEventListener("abort", onAbort);
  }
}

interface FailedCall {
  readonly who: string;
  readonly tool: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly limit: AbortSignal;
}

function callFailure(cause: unknown, { who, tool, timeoutMs, signal, limit }: FailedCall) {
  const options = { cause, ...(tool === undefined ? {} : { tool }) };
  if (signal.aborted) return new CodemodeError("CANCELLED", `${who} was cancelled.`, options);
  if (limit.aborted) {
    const message = `${who}: its function did not answer within ${timeoutMs} ms. Raise "timeoutMs", or ask it for less.`;
    return new CodemodeError("TOOL_TIMEOUT", message, { ...options, retryable: true });
  }
  return new CodemodeError("TOOL_FAILED", `${who} failed: ${messageOf(cause)}`, options);
}

/** As the tool declares them, whatever the order in which a caller names them. */
function inOrder(args: JsonObject, inputs: JsonSchema = {}): readonly JsonValue[] {
  const properties: unknown = typeof inputs === "object" ? inputs["properties"] : undefined;
  const declared = typeof properties === "object" && properties ? Object.keys(properties) : [];
  const last = declared.findLastIndex((name) => Object.hasOwn(args, name));
  const further = Object.keys(args).filter((name) => !declared.includes(name));
  // A gap is what a caller left out: the function sees it as it sees an argument that is not given.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON has no word for a missing argument
  return [...declared.slice(0, last + 1), ...further].map((name) => args[name] as JsonValue);
}

async function toJson(value: unknown): Promise<JsonValue> {
  const whole = isStream(value) ? await collected(value) : value;
  const json: JsonValue = JSON.parse(JSON.stringify(whole ?? null) ?? "null");
  return json;
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function collected(stream: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
