/** The two tools that every subject offers its programs. */
export interface BenchTools {
  echo(args: unknown): Promise<unknown>;
  sleep(args: unknown): Promise<unknown>;
}

/** The tools as every subject gets them: `echo` answers at once, `sleep` after `ms`. */
export const benchTools: BenchTools = {
  echo: (args) => Promise.resolve(args),
  sleep: (args) => {
    const ms: unknown = Object(args).ms;
    return new Promise((resolve) =>
      setTimeout(resolve, typeof ms === "number" ? ms : 0, { ok: 1 }),
    );
  },
};

/** One system under measurement. */
export interface Subject {
  /** Runs a program in fresh state. */
  runFresh(code: string): Promise<unknown>;
  /** Runs a program in state that lives on. Absent where the system has none. */
  runSession?(code: string): Promise<unknown>;
  /** Brings `runFresh` to where a server that had a moment of rest would be. Not measured. */
  rest?(): Promise<void>;
  /** How a program calls a tool, as an expression without `await`. */
  call(tool: "echo" | "sleep", args: string): string;
}
