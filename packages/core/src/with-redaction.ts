import { createRedactor } from "./redactor.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** Takes values out of every answer and every error, so that whoever called never sees them. */
export function withRedaction(next: ToolCaller, secrets: readonly string[]): ToolCaller {
  if (secrets.length === 0) return next;
  const redactor = createRedactor(secrets);
  return async (call, options) => {
    try {
      return redactor.maskValue(await next(call, options));
    } catch (error) {
      throw redactor.clean(error);
    }
  };
}
