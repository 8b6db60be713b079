/** What programs import helpers from. */
export const HELPERS_SPECIFIER = "codemode/helpers";

/** What it exports. */
export const HELPER_NAMES = [
  "wait_for",
  "waitFor",
  "retry",
  "run_with_timeout",
  "runWithTimeout",
  "parallel",
  "RateLimiter",
] as const;

/** The helpers as a program's editor and a model see them. */
export const HELPER_DECLARATIONS = `declare module "codemode/helpers" {
  /** Asks until the answer is true, and gives it. Seconds, or milliseconds with Ms. Throws TimeoutError. */
  export function wait_for<T>(
    condition: () => T | Promise<T>,
    options?: {
      /** Between two questions. Default 1. */
      interval?: number;
      intervalMs?: number;
      /** Default: as long as the program may run. */
      timeout?: number;
      timeoutMs?: number;
      /** Names the condition in the error. */
      description?: string;
    },
  ): Promise<T>;
  export { wait_for as waitFor };

  /** Calls again what failed. Throws the last error. */
  export function retry<T>(
    fn: () => T | Promise<T>,
    options?: {
      /** Calls in all. Default 3. */
      attempts?: number;
      /** Seconds before the second call. Default 1. */
      delay?: number;
      delayMs?: number;
      /** Each further delay is so many times as long. Default 1. */
      backoff?: number;
      /** Only these are retried: error classes, error names or codes, or a function that decides. */
      exceptions?: RetriedError | readonly RetriedError[];
      on_retry?: (attempt: number, error: unknown) => unknown;
      onRetry?: (attempt: number, error: unknown) => unknown;
    },
  ): Promise<T>;
  export type RetriedError = string | (abstract new (...args: never[]) => Error) | ((error: unknown) => boolean);

  /** The value of a function or promise. Throws TimeoutError after so many seconds; what runs is not stopped. */
  export function run_with_timeout<T>(
    task: (() => T | Promise<T>) | Promise<T>,
    timeout: number | { timeout?: number; timeoutMs?: number; description?: string },
  ): Promise<T>;
  export { run_with_timeout as runWithTimeout };

  /** Runs functions some at a time; values in their order. The first failure ends it, unless settled. */
  export function parallel<T>(
    tasks: Iterable<(() => T | Promise<T>) | Promise<T>>,
    options?: number | { /** Default 8. */ limit?: number; settled?: false },
  ): Promise<T[]>;
  export function parallel<T>(
    tasks: Iterable<(() => T | Promise<T>) | Promise<T>>,
    options: { limit?: number; settled: true },
  ): Promise<PromiseSettledResult<T>[]>;

  /** Lets so many callers a second through, in the order they came. */
  export class RateLimiter {
    constructor(calls_per_second: number | { calls_per_second?: number; callsPerSecond?: number });
    readonly calls_per_second: number;
    acquire(): Promise<void>;
  }
}
`;
