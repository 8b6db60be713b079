/** What a backend promises. A gap is declared here and is itself tested. */
export interface SandboxCapabilities {
  /** What stands between a program and the host. `none` is no security boundary. */
  readonly isolation: "none" | "process" | "isolate" | "container";
  /** A program that blocks inside a native built-in is stopped too. */
  readonly hardKill: boolean;
  /** `hard`: the session ends soon after the limit is passed. `soft`: the engine's word only. */
  readonly memoryLimit: "none" | "soft" | "hard";
  /** The program sees Node's own modules and globals. */
  readonly nodeApis: boolean;
  /** Variables live on between executions of a session. */
  readonly persistent: boolean;
  /** The program can open network connections of its own. */
  readonly network: boolean;
}
