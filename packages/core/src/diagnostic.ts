/** Something worth knowing that stopped nothing: a dropped tool, a converted value, a cut log. */
export interface Diagnostic {
  /** Stable, in capitals: `TOOL_DROPPED`, `VALUE_CONVERTED`, `LOGS_TRUNCATED`, ... */
  readonly code: string;
  /** What happened, to which thing, and what to do. */
  readonly message: string;
  /** 1-based line in the program, where there is one. */
  readonly line?: number;
}
