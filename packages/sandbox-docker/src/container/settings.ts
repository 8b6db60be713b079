/** Version of what supervisor and host say to each other; an image is labelled with it. */
export const SUPERVISOR_PROTOCOL = 1;

/** The longest line of either end. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** What the host tells the supervisor on its command line, as JSON. */
export interface SupervisorSettings {
  readonly heapMb: number;
  readonly nodeApis: boolean;
  /** Whether there is a proxy to targets that the host allows. */
  readonly proxy: boolean;
  /** The supervisor ends itself after it, whatever the host does. */
  readonly maxLifetimeMs: number;
}

/** Begins the lines of connections, after `@`; all others are JSON. */
export const TUNNEL_LETTER = "T";

/** Lines of the supervisor, after `@`. */
export type SupervisorLine =
  | { readonly type: "ready"; readonly nonce: string; readonly protocol: number }
  | {
      readonly type: "exit";
      readonly code: number | null;
      readonly signal: string | null;
      readonly outOfMemory: boolean;
      /** It computed on when its program had ended. */
      readonly restless: boolean;
    };
