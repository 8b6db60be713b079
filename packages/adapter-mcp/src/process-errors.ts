import { existsSync } from "node:fs";

import { CodemodeError } from "@codemode/core";

import type { ErrorWords } from "./error-words.ts";
import type { StdioServerOptions } from "./mcp-options.ts";

/** Why a process could not start. */
export function startError(
  error: unknown,
  { command, cwd }: StdioServerOptions,
  words: ErrorWords,
): CodemodeError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  const start = `Server "${words.server}" cannot start: command ${JSON.stringify(words.place)}`;
  if (code === "ERR_INVALID_ARG_VALUE" || code === "ERR_INVALID_ARG_TYPE") {
    const message = `${start}, its "args" or its "env" hold a character that no process can be given. Correct them.`;
    return new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
  if (code === "ENOENT" && cwd !== undefined && !existsSync(cwd)) {
    const message = `Server "${words.server}" cannot start: the folder of its "cwd" does not exist. Correct it.`;
    return new CodemodeError("SERVER_UNAVAILABLE", message, { cause: error });
  }
  const args = /\s/.test(command) ? ' Its arguments belong into "args".' : "";
  const why: Readonly<Record<string, string>> = {
    ENOENT: `was not found. Install it, or correct "command".${args}`,
    EACCES: `may not be run. Make it executable, or correct "command".`,
  };
  const other = `cannot be run (${code}). Correct "command" and "args".`;
  return new CodemodeError("SERVER_UNAVAILABLE", `${start} ${why[code] ?? other}`, {
    cause: error,
  });
}

/** How a process ended, and what it said before. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** Why a process is gone. */
export function exitError({ code, signal, stderr }: ProcessEnd, words: ErrorWords): CodemodeError {
  const how = signal === null ? `with code ${code ?? "unknown"}` : `by ${signal}`;
  const said = words.redact(lastLines(words.redactor.mask(stderr)));
  const message = `Server "${words.server}" ended ${how}${said === "" ? ", without a word" : `: ${said}`}`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { retryable: true });
}

/** The lines that say why: the last that looks like an error, or the last ones. Stack frames name places on this machine. */
function lastLines(stderr: string): string {
  const lines = stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at |^node:|^Node\.js v|^\s+\^+$/.test(line));
  const error = lines.findLast((line) => /error/i.test(line) && !line.startsWith("npm "));
  // What `npx` says first is why; at its end it names its log.
  const npm = lines.filter((line) => NPM_ERROR.test(line)).slice(0, MAX_NPM_LINES);
  if (error !== undefined || npm.length === 0) return error ?? lines.slice(-2).join(" ");
  return npm.map((line) => line.replace(NPM_ERROR, "")).join(" ");
}

/** A message over the limit: what follows cannot be told from it. */
export function tooLong({ server }: ErrorWords, maxBytes: number): CodemodeError {
  const message = `Server "${server}" sent a message of ${tooLongWords(maxBytes)}`;
  return new CodemodeError("SERVER_PROTOCOL", message);
}

/** How long a message was, and what to do about it. */
export function tooLongWords(maxBytes: number): string {
  return `over ${maxBytes} bytes. Ask the tool for less, or raise the server's "max_message_bytes".`;
}

const NPM_ERROR = /^npm (?:error|ERR!) (?!A complete log)(?!\d{3}\s*$)(?:\d{3}\s+|code )?(?=\S)/;
const MAX_NPM_LINES = 3;
