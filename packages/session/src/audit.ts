/** One entry of the audit trail. Argument values are left out: they may be secret. */
export type AuditRecord =
  | {
      /** A guest is gone without having been closed: it crashed, was stopped by force, or was idle for too long. */
      readonly type: "session_lost";
      readonly session: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
      readonly why: string;
    }
  | {
      readonly type: "execution";
      readonly executionId: string;
      readonly session: string;
      /** Milliseconds since the epoch, at the end. */
      readonly at: number;
      readonly durationMs: number;
      readonly ok: boolean;
      readonly errorCode?: string;
      readonly toolCalls: number;
      /** SHA-256 of the source, hexadecimal. */
      readonly codeHash: string;
    }
  | {
      readonly type: "tool_call";
      readonly executionId: string;
      readonly callId: string;
      /** Canonical name where the tool is known. */
      readonly tool: string;
      /** Milliseconds since the epoch, at the end. */
      readonly at: number;
      readonly durationMs: number;
      readonly ok: boolean;
      readonly errorCode?: string;
      /** Name of the skill whose code made the call; absent of a program's own. */
      readonly skill?: string;
    };
