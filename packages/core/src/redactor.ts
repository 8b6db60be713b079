import { inspect } from "node:util";

import { CodemodeError, isCodemodeError } from "./errors.ts";

/** Takes secrets out of all that is told, in every form in which they may be shown. */
export interface Redactor {
  /** From now on these are masked too: a token that was fetched. */
  add(values: readonly string[]): void;
  readonly mask: (text: string) => string;
  /** The same value with its texts masked; keys are left alone. The very same where there is none. */
  maskValue<Value>(value: Value): Value;
  /** The same error, without secrets in message, details, stack or causes. What is no error becomes one. */
  clean(error: unknown): Error;
}

// Shorter values are words like "1" or "true", not secrets.
const MIN_SECRET = 6;

/** A redactor of these values. */
export function createRedactor(secrets: readonly string[]): Redactor {
  let forms: readonly string[] = [];
  const mask = (text: string): string =>
    forms.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  const redactor: Redactor = {
    add(values) {
      const all = [...forms, ...values.flatMap(formsOf)];
      // The longest first: one may be a part of another.
      forms = [...new Set(all)].toSorted((first, second) => second.length - first.length);
    },
    mask,
    maskValue: (value) => (forms.length === 0 ? value : maskTexts(value, mask)),
    clean(error) {
      if (isCodemodeError(error)) return forms.length === 0 ? error : cleanError(error, redactor);
      return maskedCause(error instanceof Error ? error : new Error(String(error)), mask);
    },
  };
  redactor.add(secrets);
  return redactor;
}

function formsOf(value: string): readonly string[] {
  if (value.length < MIN_SECRET) return [];
  const encoded = encodeURIComponent(value.toWellFormed());
  return [value, encoded, encoded.replaceAll("%20", "+"), JSON.stringify(value).slice(1, -1)];
}

function maskTexts<Value>(value: Value, mask: (text: string) => string): Value {
  const json = JSON.stringify(value);
  // Nearly always there is none, and a value may be large.
  if (mask(json) === json) return value;
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "string" ? mask(item) : item,
  );
  const masked: Value = JSON.parse(text);
  return masked;
}

function cleanError(error: CodemodeError, redactor: Redactor): CodemodeError {
  const { mask } = redactor;
  if (!holdsSecret(error, mask)) return error;
  const { code, message, retryable, tool, details, cause } = error;
  const clean = new CodemodeError(code, mask(message), {
    retryable,
    ...(cause instanceof Error ? { cause: maskedCause(cause, mask) } : {}),
    ...(tool === undefined ? {} : { tool }),
    ...(details === undefined ? {} : { details: redactor.maskValue(details) }),
  });
  clean.stack = mask(error.stack ?? "");
  return clean;
}

function holdsSecret(error: Error, mask: (text: string) => string): boolean {
  const all = inspect(error, { depth: 10, maxStringLength: null, maxArrayLength: null });
  return mask(all) !== all;
}

/** What is left of a cause with a secret in it: its kind and its message. */
function maskedCause(cause: Error, mask: (text: string) => string): Error {
  if (!holdsSecret(cause, mask)) return cause;
  const clean = new Error(mask(cause.message));
  clean.name = cause.name;
  clean.stack = mask(cause.stack ?? "");
  return clean;
}
