import { escapeTerminalText, isCodemodeError } from "@codemode/core";

import type { GlobalOptions } from "./options.ts";

/** What the process ends with. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unavailable: 3, interrupted: 130 } as const;

/** Text for people, on standard output; whatever is in it cannot steer the terminal. */
export function print(text: string): void {
  process.stdout.write(`${escapeTerminalText(text)}\n`);
}

/** Text beside the result: logs, progress, errors. */
export function printNote(text: string): void {
  process.stderr.write(`${escapeTerminalText(text)}\n`);
}

/** The one document of `--json`. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints why a command could not be done, and gives the exit code for it. */
export function reportError(error: unknown, { json }: GlobalOptions): number {
  const known = isCodemodeError(error) ? error : undefined;
  const code = known?.code ?? "INTERNAL";
  const message =
    known?.message ??
    `codemode failed: ${error instanceof Error ? error.message : String(error)}. Please report it.`;
  const details = known?.details === undefined ? {} : { details: known.details };
  if (json) printJson({ ok: false, error: { code, message, ...details } });
  else printNote(`error: ${message}`);
  return exitCodeOf(code);
}

const USAGE_CODES: ReadonlySet<string> = new Set([
  "CONFIG_INVALID",
  "CONFIG_NOT_FOUND",
  "VARIABLE_UNSET",
  "INVALID_ARGUMENTS",
  "TOOL_NOT_FOUND",
  "SERVER_NOT_FOUND",
  "SESSION_NOT_FOUND",
  "STORAGE_KEY_INVALID",
  "SKILL_NOT_FOUND",
  "ARTIFACT_NOT_FOUND",
]);

/** What may be there again later. */
const UNAVAILABLE = /^(?:SERVER_|SANDBOX_|AUTH_REQUIRED$|STORAGE_UNAVAILABLE$)/;

/** By the kind of error. */
export function exitCodeOf(code: string): number {
  if (USAGE_CODES.has(code)) return EXIT.usage;
  return UNAVAILABLE.test(code) ? EXIT.unavailable : EXIT.failed;
}
