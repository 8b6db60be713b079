import type { CodemodeErrorOptions } from "./errors.ts";
import { CodemodeError, isCodemodeError } from "./errors.ts";
import type { ToolCaller } from "./tool-caller.ts";

// Shorter values are words like "1" or "true", not secrets.
const MIN_SECRET = 6;

/** Takes values out of every answer and every error, so that whoever called never sees them. */
export function withRedaction(next: ToolCaller, secrets: readonly string[]): ToolCaller {
  const mask = createMask(secrets);
  if (!mask) return next;
  return async (call, options) => {
    try {
      return maskTexts(await next(call, options), mask);
    } catch (error) {
      throw isCodemodeError(error) ? maskError(error, mask) : error;
    }
  };
}

type Mask = (text: string) => string;

/** In every form in which one may be shown, the longest first: one may be a part of another. */
function createMask(secrets: readonly string[]): Mask | undefined {
  const forms = secrets.flatMap((secret) => {
    if (secret.length < MIN_SECRET) return [];
    return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
  });
  const hidden = [...new Set(forms)].toSorted((first, second) => second.length - first.length);
  if (hidden.length === 0) return undefined;
  return (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

/** The same value, its texts masked; keys are the tool's own. */
function maskTexts<Value>(value: Value, mask: Mask): Value {
  const json = JSON.stringify(value);
  // Nearly always there is none, and an answer may be large.
  if (mask(json) === json) return value;
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "string" ? mask(item) : item,
  );
  const masked: Value = JSON.parse(text);
  return masked;
}

function maskError(error: CodemodeError, mask: Mask): CodemodeError {
  const { code, message, details, retryable, tool } = error;
  const options: CodemodeErrorOptions = {
    retryable,
    ...(details === undefined ? {} : { details: maskTexts(details, mask) }),
    ...(tool === undefined ? {} : { tool }),
  };
  const shown = { message, details };
  // Its cause would bring the value along.
  return maskTexts(shown, mask) === shown ? error : new CodemodeError(code, mask(message), options);
}
