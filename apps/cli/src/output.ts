import { CodemodeError, escapeTerminalText, isCodemodeError } from "@codemode/core";

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
  process.stdout.write(`${toJsonLine(value)}\n`);
}

/**
 * JSON on one line for every reader, also for those that take U+2028 for the end of a line; what
 * could steer a terminal is written as `\uXXXX`, which reads as the same value.
 */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSAFE, (characters) =>
    Array.from(
      { length: characters.length },
      (_, index) => `\\u${characters.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

// As `escapeTerminalText` has it; JSON has escaped C0 and lone surrogates by itself.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Prints why a command could not be done, and gives the exit code for it. */
export function reportError(error: unknown, { json }: GlobalOptions): number {
  const known = isCodemodeError(error) ? error : fileError(error);
  const code = known?.code ?? "INTERNAL";
  const message =
    known?.message ??
    `codemode failed: ${error instanceof Error ? error.message : String(error)}. Please report it.`;
  const details = known?.details === undefined ? {} : { details: known.details };
  if (json) printJson({ ok: false, error: { code, message, ...details } });
  else printNote(`error: ${message}`);
  return exitCodeOf(code);
}

const FILE_PROBLEM =
  /^(?:EACCES|EBUSY|EEXIST|EISDIR|ELOOP|ENAMETOOLONG|ENOENT|ENOSPC|ENOTDIR|EPERM|EROFS)$/;

/** A file or folder that the system refuses is a matter of the user's, not a mistake in here. */
function fileError(error: unknown): CodemodeError | undefined {
  const { code, path, dest }: Readonly<Record<string, unknown>> = Object(error);
  if (typeof code !== "string" || typeof path !== "string" || !FILE_PROBLEM.test(code))
    return undefined;
  const place = JSON.stringify(typeof dest === "string" ? dest : path);
  const message = `${place} cannot be used (${code}). Name another place, or make this one readable and writable.`;
  return new CodemodeError("INVALID_ARGUMENTS", message, { cause: error });
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
