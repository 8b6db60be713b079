import type { JsonValue } from "./json.ts";

/** Every code an error of ours can carry. `docs/errors.md` lists cause and remedy of each. */
export type CodemodeErrorCode =
  // configuration
  | "CONFIG_INVALID"
  | "CONFIG_NOT_FOUND"
  | "VARIABLE_UNSET"
  // tools and servers
  | "SERVER_NOT_FOUND"
  | "SERVER_DUPLICATE"
  | "REGISTRY_DISPOSED"
  | "SERVER_UNAVAILABLE"
  | "SERVER_TIMEOUT"
  | "SERVER_PROTOCOL"
  | "AUTH_REQUIRED"
  | "TOOL_NOT_FOUND"
  | "TOOL_CHANGED"
  | "TOOL_FAILED"
  | "TOOL_TIMEOUT"
  | "TOOL_LIMIT"
  | "TOOL_RESULT_TOO_LARGE"
  | "INVALID_ARGUMENTS"
  | "LATE_CALL"
  | "INPUT_UNAVAILABLE"
  // programs
  | "SYNTAX_ERROR"
  | "SOURCE_TOO_LARGE"
  | "IMPORT_NOT_FOUND"
  | "GUEST_ERROR"
  | "TIMEOUT"
  | "COMPUTE_LIMIT"
  | "STALLED"
  | "MEMORY_LIMIT"
  | "RESULT_NOT_JSON"
  | "RESULT_TOO_LARGE"
  | "CANCELLED"
  // sandboxes and sessions
  | "SANDBOX_UNAVAILABLE"
  | "SANDBOX_CRASHED"
  | "SANDBOX_DISPOSED"
  | "SANDBOX_PROTOCOL"
  | "SESSION_LOST"
  | "SESSION_NOT_FOUND"
  | "SESSION_LIMIT"
  // storage, skills and artifacts
  | "STORAGE_UNAVAILABLE"
  | "STORAGE_CONFLICT"
  | "STORAGE_LIMIT"
  | "STORAGE_KEY_INVALID"
  | "STORAGE_DISPOSED"
  | "STORAGE_CORRUPT"
  | "SKILL_NOT_FOUND"
  | "SKILL_EXISTS"
  | "SKILL_INVALID"
  | "SKILL_FAILED"
  | "SKILL_CYCLE"
  | "TOOL_DENIED"
  | "ARTIFACT_NOT_FOUND"
  | "DEPS_DISABLED"
  | "DEPS_FAILED"
  // a defect of ours
  | "INTERNAL";

/** The optional parts of a `CodemodeError`. */
export interface CodemodeErrorOptions extends ErrorOptions {
  /** Data for programs, JSON only. Never a secret or a host path. */
  readonly details?: JsonValue;
  /** The same call may succeed later. Default `false`. */
  readonly retryable?: boolean;
  /** Canonical name of the tool concerned. */
  readonly tool?: string;
}

/** Told apart by `code`, not `instanceof`: two copies of a package can be loaded at once. */
export class CodemodeError extends Error {
  override readonly name = "CodemodeError";
  readonly code: CodemodeErrorCode;
  readonly details: JsonValue | undefined;
  readonly retryable: boolean;
  readonly tool: string | undefined;

  constructor(code: CodemodeErrorCode, message: string, options: CodemodeErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details;
    this.retryable = options.retryable ?? false;
    this.tool = options.tool;
  }
}

/** Whether `error` is a `CodemodeError` of any copy of this package, and of `code` where one is given. */
export function isCodemodeError(error: unknown, code?: CodemodeErrorCode): error is CodemodeError {
  return (
    error instanceof Error &&
    error.name === "CodemodeError" &&
    "code" in error &&
    (code === undefined || error.code === code)
  );
}
