import { inspect } from "node:util";

import type { JsonValue, ToolListing, ToolResult } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { ErrorWords } from "./error-words.ts";

/** The one place through which errors leave: none of them holds a secret, in its causes neither. */
export function outgoingError(error: CodemodeError, { mask }: ErrorWords): CodemodeError {
  const all = inspect(error, { depth: 10, maxStringLength: null, maxArrayLength: null });
  if (mask(all) === all) return error;
  const { code, message, retryable, tool, details, cause } = error;
  const clean = new CodemodeError(code, mask(message), {
    retryable,
    cause: maskedCause(cause, mask),
    ...(tool === undefined ? {} : { tool }),
    ...(details === undefined ? {} : { details: maskedJson(details, mask) }),
  });
  clean.stack = mask(error.stack ?? "");
  return clean;
}

/** What is left of a cause with a secret in it: its kind and its message. */
function maskedCause(cause: unknown, mask: (text: string) => string): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  const clean = new Error(mask(cause.message));
  clean.name = cause.name;
  clean.stack = mask(cause.stack ?? "");
  return clean;
}

/** Diagnostics leave with the tools. */
export function outgoingListing(listing: ToolListing, { mask }: ErrorWords): ToolListing {
  const { tools, diagnostics } = listing;
  const clean = diagnostics.map(({ code, message }) => ({ code, message: mask(message) }));
  return { tools, diagnostics: clean };
}

/** An answer that tells of an error is one of our messages in the end; any other is the program's. */
export function outgoingResult(result: ToolResult, { mask }: ErrorWords): ToolResult {
  if (result.isError !== true) return result;
  const { content, structuredContent: value } = result;
  const clean = content.map((block) =>
    block.text === undefined ? block : Object.assign({}, block, { text: mask(block.text) }),
  );
  if (value === undefined) return { ...result, content: clean };
  return { ...result, content: clean, structuredContent: maskedJson(value, mask) };
}

function maskedJson(value: JsonValue, mask: (text: string) => string): JsonValue {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "string" ? mask(item) : item,
  );
  const masked: JsonValue = JSON.parse(text);
  return masked;
}
