import type { JsonObject } from "@codemode/core";
import { CodemodeError, escapeTerminalText, isCodemodeError } from "@codemode/core";

/** Options that make no tool. `key` is spelled as in `CliAdapterOptions`. */
export function optionsError(tool: string, key: string, problem: string): CodemodeError {
  const message = `Command "${tool}": "${key}" ${problem}.`;
  return new CodemodeError("CONFIG_INVALID", message, { details: { key, problem } });
}

/** A command and the words for it. */
export interface CommandWords {
  readonly server: string;
  /** As it was configured. */
  readonly command: string;
  readonly workingDir: string | undefined;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
}

/** Why a command could not start. */
export function startError(reason: unknown, words: CommandWords, tool?: string): CodemodeError {
  const code = typeof reason === "string" ? reason : codeOf(reason);
  const context = { cause: reason, ...(tool === undefined ? {} : { tool }) };
  if (code === "E2BIG") {
    const message = `"${tool ?? words.server}": the arguments are longer than this system allows a command to have. Give less at once.`;
    return new CodemodeError("INVALID_ARGUMENTS", message, context);
  }
  const start = `${tool === undefined ? "Server" : "Tool"} "${tool ?? words.server}" cannot run:`;
  const retryable =
    code === "EAGAIN" || code === "EMFILE" || code === "ENFILE" || code === "ENOMEM";
  const command = JSON.stringify(words.command);
  const folder = JSON.stringify(words.workingDir ?? ".");
  const why: Readonly<Record<string, string>> = {
    ENOENT: `command ${command} was not found. Install it, or correct "command".`,
    EACCES: `command ${command} may not be run. Make it executable, or correct "command".`,
    ENOTDIR: `its folder ${folder} does not exist. Create it, or correct "working_dir".`,
  };
  const other = retryable
    ? `the system has no room for another process (${code}). Try it again later.`
    : `command ${command} cannot be started (${code}). Correct "command".`;
  const message = `${start} ${why[code] ?? other}`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { ...context, retryable });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}

/** What a failed command left to tell. */
export interface FailedExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

const MAX_TAIL = 2_000;
const MAX_LINE = 500;

/** A command that ran and failed. The details hold the end of what it printed. */
export function exitError(tool: string, exit: FailedExit, words: CommandWords): CodemodeError {
  const { code, signal } = exit;
  const stderr = tailOf(exit.stderr, words);
  const stdout = tailOf(exit.stdout, words);
  const said = lastLines(stderr) || lastLines(stdout);
  const how = signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
  const message = `"${tool}" failed with ${how}${said === "" ? ", without a word." : `: ${said}`}`;
  const details: JsonObject = { exitCode: code, signal, stderr, stdout };
  return new CodemodeError("TOOL_FAILED", message, { tool, details });
}

function tailOf(output: Buffer, { mask }: CommandWords): string {
  const text = mask(output.subarray(-4 * MAX_TAIL).toString("utf8")).trimEnd();
  const tail = text.length > MAX_TAIL ? `...${text.slice(-MAX_TAIL)}` : text;
  return escapeTerminalText(tail);
}

/** The last lines that fit a message. */
function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  let said = "";
  for (const line of lines.toReversed()) {
    const longer = said === "" ? line : `${line}\n${said}`;
    if (longer.length > MAX_LINE) break;
    said = longer;
  }
  return said === "" ? (lines.at(-1) ?? "").slice(0, MAX_LINE) : said;
}

/** Output that was promised to be JSON and is none. */
export function noJsonError(tool: string, output: string, words: CommandWords): CodemodeError {
  const shown = words.mask(output.slice(0, 4 * MAX_LINE)).slice(0, 200);
  const what =
    output.trim() === ""
      ? "printed nothing"
      : `printed ${JSON.stringify(escapeTerminalText(shown))}`;
  const message = `"${tool}" was to print JSON and ${what}. Correct its arguments, or take "parse_json" away.`;
  return new CodemodeError("TOOL_FAILED", message, { tool });
}

/** A command that ran for too long. */
export function timeoutError(tool: string, timeoutMs: number): CodemodeError {
  const message = `"${tool}" did not end within ${timeoutMs} ms and was stopped. Ask it for less, or raise its "timeout".`;
  return new CodemodeError("TOOL_TIMEOUT", message, { tool, retryable: true });
}

/** A command that printed too much. */
export function overflowError(tool: string, maxOutputBytes: number): CodemodeError {
  const message = `"${tool}" printed more than ${maxOutputBytes} bytes and was stopped. Ask it for less, or raise its "max_output_bytes".`;
  return new CodemodeError("TOOL_RESULT_TOO_LARGE", message, { tool });
}

/** The reason of whoever gave up, where it is one of ours. */
export function cancelledError(tool: string, signal: AbortSignal): CodemodeError {
  const reason: unknown = signal.reason;
  if (isCodemodeError(reason)) return reason;
  return new CodemodeError("CANCELLED", `The call of "${tool}" was cancelled.`, {
    cause: reason,
    tool,
  });
}

/** A call after the end. */
export function closedError(server: string, tool?: string): CodemodeError {
  const context = tool === undefined ? {} : { tool };
  return new CodemodeError(
    "SERVER_UNAVAILABLE",
    `Server "${server}" was closed. Create its adapter anew.`,
    context,
  );
}
