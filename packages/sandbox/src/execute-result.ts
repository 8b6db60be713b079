import type { CodemodeErrorCode, Diagnostic, JsonValue } from "@codemode/core";

/** One line a program logged. */
export interface LogLine {
  readonly level: "debug" | "log" | "info" | "warn" | "error";
  readonly text: string;
  /** Milliseconds since the execution began. */
  readonly atMs: number;
}

/** One tool call of an execution, in order of starting. */
export interface CallRecord {
  readonly callId: string;
  /** As the program named it; the canonical name once it is known. */
  readonly tool: string;
  /** Milliseconds since the execution began. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly ok: boolean;
  readonly errorCode?: string;
  /** Name of the skill whose code made it; absent of the program's own calls. */
  readonly skill?: string;
}

/** Where an execution went wrong. */
export type ErrorPhase = "compile" | "check" | "run" | "tool" | "policy" | "limit" | "sandbox";

/** Why a program gave no value. Free of host paths, host stacks and secrets. */
export interface ExecutionError {
  readonly phase: ErrorPhase;
  readonly code: CodemodeErrorCode;
  /** The error's class as the program would see it: `TypeError`, `ToolError`, ... */
  readonly name: string;
  readonly message: string;
  /** 1-based, in the source as it was given. */
  readonly line?: number;
  /** 1-based, in UTF-16 units. */
  readonly column?: number;
  /** The lines around, with a caret. */
  readonly frame?: string;
  /** Where it was thrown in a module that the program uses, a skill for example. */
  readonly origin?: ErrorOrigin;
  /** What to do next, most useful first. */
  readonly hints: readonly string[];
  /** Canonical name of the tool concerned. */
  readonly tool?: string;
  readonly details?: JsonValue;
}

/** A place in a module's source; line and column as in the error itself. */
export interface ErrorOrigin {
  /** As it is imported: `skills/name`. */
  readonly module: string;
  readonly line: number;
  readonly column: number;
  readonly frame: string;
}

interface ExecutionOutcome {
  readonly logs: readonly LogLine[];
  readonly calls: readonly CallRecord[];
  readonly warnings: readonly Diagnostic[];
  /** The session's handle: give it again to go on with the same variables. */
  readonly session: string;
  readonly executionId: string;
  readonly durationMs: number;
}

/** The program ran to its end. */
export interface ExecutionSuccess extends ExecutionOutcome {
  readonly ok: true;
  /** `undefined` where the program gave no value. Where it is `stored`, a text that shows its beginning. */
  readonly value: JsonValue | undefined;
  /** As JSON in UTF-16 units; given only where it is over `maxValueBytes`. */
  readonly valueLength?: number;
  /** Where the whole value is that was too large to hand out. */
  readonly stored?: StoredResult;
}

/** A value kept as an artifact. */
export interface StoredResult {
  /** Its name: `artifacts.load(name)` gives the value. */
  readonly artifact: string;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  /** ISO 8601. */
  readonly expiresAt?: string;
}

/** The program did not run to its end. */
export interface ExecutionFailure extends ExecutionOutcome {
  readonly ok: false;
  readonly error: ExecutionError;
}

/** `ok` decides which fields there are, so a caller cannot read a value that is not there. */
export type ExecuteResult = ExecutionSuccess | ExecutionFailure;
