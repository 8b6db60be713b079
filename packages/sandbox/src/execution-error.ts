import type { CodemodeError, CodemodeErrorCode } from "@codemode/core";

import type { ErrorPhase, ExecutionError } from "./execute-result.ts";
import type { FindModuleSource } from "./module-origin.ts";
import { moduleOrigin } from "./module-origin.ts";
import type { PreparedProgram, PrepareFailure, SourcePosition } from "./prepared-program.ts";
import type { GuestFailure } from "./protocol.ts";
import { sourceFrame } from "./source-frame.ts";

/** A source that did not become a program. */
export function syntaxError(source: string, failure: PrepareFailure): ExecutionError {
  const { message, position, hints } = failure;
  return {
    phase: "compile",
    code: "SYNTAX_ERROR",
    name: "SyntaxError",
    message,
    ...place(source, position),
    hints,
  };
}

/** An error that the host found, at a place of the source where there is one. */
export function hostError(
  error: Pick<CodemodeError, "code" | "message">,
  source?: string,
  position?: SourcePosition,
): ExecutionError {
  const { code, message } = error;
  const where = source === undefined ? {} : place(source, position);
  return { phase: phaseOf(code), code, name: "CodemodeError", message, ...where, hints: [] };
}

/** The codes a guest may give of itself; anything else it claims is its own error. */
const GUEST_CODES: ReadonlySet<string> = new Set<CodemodeErrorCode>([
  "RESULT_NOT_JSON",
  "RESULT_TOO_LARGE",
  "TIMEOUT",
  "STALLED",
  "CANCELLED",
  "LATE_CALL",
  "INVALID_ARGUMENTS",
  "IMPORT_NOT_FOUND",
]);

const TOOL_CODES: ReadonlySet<string> = new Set<CodemodeErrorCode>([
  "SERVER_NOT_FOUND",
  "SERVER_UNAVAILABLE",
  "SERVER_TIMEOUT",
  "SERVER_PROTOCOL",
  "AUTH_REQUIRED",
  "TOOL_NOT_FOUND",
  "TOOL_CHANGED",
  "TOOL_FAILED",
  "TOOL_TIMEOUT",
  "INPUT_UNAVAILABLE",
  "TOOL_LIMIT",
  "TOOL_RESULT_TOO_LARGE",
  "TOOL_DENIED",
  "STORAGE_UNAVAILABLE",
  "STORAGE_CONFLICT",
  "STORAGE_LIMIT",
  "STORAGE_KEY_INVALID",
  "STORAGE_DISPOSED",
  "STORAGE_CORRUPT",
  "ARTIFACT_NOT_FOUND",
  "SKILL_NOT_FOUND",
  "SKILL_EXISTS",
  "SKILL_INVALID",
  "SKILL_FAILED",
  "SKILL_CYCLE",
  "DEPS_DISABLED",
  "DEPS_FAILED",
]);

// Node's own words name flags of its command line, which no program can set.
const RESTRICTED = /^Access to this API has been restricted/;
const RESTRICTED_HINT =
  "Programs may use the files of their workspace only, by relative paths, and may start no processes or threads.";

/** What is known of the program that threw. */
export interface GuestErrorContext {
  readonly program: PreparedProgram;
  readonly number: number;
  readonly findModule: FindModuleSource;
}

/** What a program threw, with its place in the source. */
export function guestError(
  failure: GuestFailure,
  source: string,
  { program, number, findModule }: GuestErrorContext,
): ExecutionError {
  const { name, message, tool, details } = failure;
  const code =
    isOneOf(failure.code, GUEST_CODES) || isOneOf(failure.code, TOOL_CODES)
      ? failure.code
      : "GUEST_ERROR";
  const origin = moduleOrigin(failure.stack, findModule);
  const position = placeInStack(failure.stack, source, { program, number });
  return {
    phase: tool === undefined || code === "TOOL_DENIED" ? phaseOf(code) : "tool",
    code,
    name,
    message,
    ...place(source, position),
    ...(origin ? { origin } : {}),
    hints: [
      ...(origin ? [`It was thrown in ${origin.module}, line ${origin.line}.`] : []),
      ...(RESTRICTED.test(message) ? [RESTRICTED_HINT] : []),
    ],
    ...(tool === undefined ? {} : { tool }),
    ...(details === undefined || details === null ? {} : { details }),
  };
}

function isOneOf(code: string, codes: ReadonlySet<string>): code is CodemodeErrorCode {
  return codes.has(code);
}

/** The first place in the program itself that a stack names. */
function placeInStack(
  stack: string,
  source: string,
  { program, number }: { readonly program: PreparedProgram; readonly number: number },
): SourcePosition | undefined {
  const places = stack.matchAll(/(?<!-)\bprogram:(\d+):(\d+)|\bcodemode:(\d+):(\d+):(\d+)/g);
  for (const [, line, column, of, scriptLine, scriptColumn] of places) {
    const position =
      of === undefined
        ? inside(source, { line: Number(line), column: Number(column) })
        : Number(of) === number
          ? program.toSource({ line: Number(scriptLine), column: Number(scriptColumn) })
          : undefined;
    if (position) return position;
  }
  // Imports come first, wherever they stand.
  const isMeant = (specifier: string): boolean =>
    stack.includes(`\n    at import ${JSON.stringify(specifier)}`);
  return program.imports.find(({ specifier }) => isMeant(specifier))?.position;
}

/** Stacks are the program's to write: only a place that there is counts. */
function inside(source: string, position: SourcePosition): SourcePosition | undefined {
  const line = source.split("\n")[position.line - 1];
  const isThere = line !== undefined && position.column >= 1 && position.column <= line.length + 1;
  return isThere ? position : undefined;
}

function place(
  source: string,
  position: SourcePosition | undefined,
): Pick<ExecutionError, "line" | "column" | "frame"> {
  if (!position) return {};
  return { line: position.line, column: position.column, frame: sourceFrame(source, position) };
}

function phaseOf(code: CodemodeErrorCode): ErrorPhase {
  switch (code) {
    case "SYNTAX_ERROR":
    case "SOURCE_TOO_LARGE":
      return "compile";
    case "IMPORT_NOT_FOUND":
      return "check";
    case "TOOL_DENIED":
      return "policy";
    case "TIMEOUT":
    case "COMPUTE_LIMIT":
    case "MEMORY_LIMIT":
    case "RESULT_TOO_LARGE":
    case "TOOL_LIMIT":
      return "limit";
    case "SANDBOX_UNAVAILABLE":
    case "SANDBOX_CRASHED":
    case "SANDBOX_DISPOSED":
    case "SANDBOX_PROTOCOL":
    case "SESSION_LOST":
    case "SESSION_NOT_FOUND":
    case "SESSION_LIMIT":
    case "INTERNAL":
      return "sandbox";
    default:
      return "run";
  }
}
