import { createRedactor } from "./redactor.ts";
import type { Redactor } from "./redactor.ts";
import type { ToolCaller, ToolCallOptions } from "./tool-caller.ts";

/** Takes values out of every answer, error and progress, so that whoever called never sees them. */
export function withRedaction(next: ToolCaller, secrets: readonly string[]): ToolCaller {
  if (secrets.length === 0) return next;
  const redactor = createRedactor(secrets);
  return async (call, options) => {
    try {
      return redactor.maskValue(
        await next(call, { ...options, ...maskedProgress(options, redactor) }),
      );
    } catch (error) {
      throw redactor.clean(error);
    }
  };
}

function maskedProgress(
  { onProgress }: ToolCallOptions,
  redactor: Redactor,
): Pick<ToolCallOptions, "onProgress"> {
  return onProgress ? { onProgress: (progress) => onProgress(redactor.maskValue(progress)) } : {};
}
