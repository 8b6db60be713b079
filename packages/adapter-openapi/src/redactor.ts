import { inspect } from "node:util";

import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

/** Takes secrets out of all that is told. */
export interface Redactor {
  /** From now on these are masked too: a token that was fetched. */
  add(values: readonly string[]): void;
  mask(text: string): string;
  /** The same error, without secrets in message, details or causes. */
  clean(error: CodemodeError): CodemodeError;
}

// Shorter values are words like "1" or "true", not secrets.
const MIN_SECRET = 6;

/** A redactor of the given values in every form in which they may be shown. */
export function createRedactor(secrets: readonly string[]): Redactor {
  let forms: readonly string[] = [];
  const add = (values: readonly string[]): void => {
    const all = [...forms, ...values.flatMap(formsOf)];
    // The longest first: one may be a part of another.
    forms = [...new Set(all)].toSorted((first, second) => second.length - first.length);
  };
  const mask = (text: string): string =>
    forms.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  add(secrets);
  return { add, mask, clean: (error) => cleanError(error, mask) };
}

function formsOf(value: string): readonly string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const all = [value, encoded, encoded.replaceAll("%20", "+"), JSON.stringify(value).slice(1, -1)];
  return all.filter((form) => form.length >= MIN_SECRET);
}

type Mask = (text: string) => string;

function cleanError(error: CodemodeError, mask: Mask): CodemodeError {
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
function maskedCause(cause: unknown, mask: Mask): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  const clean = new Error(mask(cause.message));
  clean.name = cause.name;
  clean.stack = mask(cause.stack ?? "");
  return clean;
}

function maskedJson(value: JsonValue, mask: Mask): JsonValue {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "string" ? mask(item) : item,
  );
  const masked: JsonValue = JSON.parse(text);
  return masked;
}
