/** How a runner ended. */
export interface ChannelExit {
  readonly code?: number;
  readonly signal?: string;
  /** The runner died of its memory limit. */
  readonly outOfMemory?: boolean;
  /** It was ended because it computed on when its program had ended. */
  readonly restless?: boolean;
}

/**
 * A line to one runner: all that a backend supplies. Frames are single lines of text without line
 * breaks (see `protocol.ts`); what comes from a runner is untrusted.
 */
export interface SandboxChannel {
  send(frame: string): void;
  /** Set once, before the first frame is read. */
  onFrame(listener: (frame: string) => void): void;
  /** Called once, also after `kill`; what is killed counts as ended at once. */
  onExit(listener: (exit: ChannelExit) => void): void;
  /** Ends the runner whatever it does, within 50 ms. Twice is fine. */
  kill(): void;
  usage?(): Promise<{ readonly rssBytes: number }>;
}
