import { CodemodeError } from "@codemode/core";

/** What one execution may use. Every limit is finite, and hitting one is a typed error. */
export interface ExecuteLimits {
  /** Wall time of the whole program. Default 30 000. */
  readonly timeoutMs: number;
  /** Time without yielding to the sandbox: one synchronous stretch. Default 5 000. */
  readonly computeMs: number;
  /** Wall time of one tool call, from its start (not while it queues). Default 30 000. */
  readonly toolTimeoutMs: number;
  /** Tool calls running at once; more wait their turn. Default 8. */
  readonly maxConcurrentCalls: number;
  /** One tool's answer, as JSON in UTF-16 units. Default 2 MiB. */
  readonly maxToolResultBytes: number;
  /** The program's final value, as JSON. Default 256 KiB. */
  readonly maxValueBytes: number;
  /** Logs kept: half of it from the start, half from the end. Default 64 KiB. */
  readonly maxLogBytes: number;
  /** The program's source. Default 128 KiB. */
  readonly maxSourceBytes: number;
}

/** The defaults of every limit. */
export const DEFAULT_LIMITS: ExecuteLimits = Object.freeze({
  timeoutMs: 30_000,
  computeMs: 5_000,
  toolTimeoutMs: 30_000,
  maxConcurrentCalls: 8,
  maxToolResultBytes: 2 * 1024 * 1024,
  maxValueBytes: 256 * 1024,
  maxLogBytes: 64 * 1024,
  maxSourceBytes: 128 * 1024,
});

/** Default heap of one session, MiB. */
export const DEFAULT_MEMORY_MB = 128;

/** The limits of one execution; an explicit `undefined` means the default. */
export function completeLimits(given: Partial<ExecuteLimits> | undefined): ExecuteLimits {
  if (!given) return DEFAULT_LIMITS;
  const limits: ExecuteLimits = { ...DEFAULT_LIMITS, ...given };
  if (!Object.values(limits).includes(undefined)) return limits;
  const stated = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(stated) };
}

/** What no compiler has seen: `NaN` or a text would be no limit at all. */
export function wrongLimit(limits: ExecuteLimits): CodemodeError | undefined {
  if (limits === DEFAULT_LIMITS) return undefined;
  const wrong = Object.entries(limits).find(([, value]) => !isLimit(value));
  if (!wrong) return undefined;
  const message = `limits.${wrong[0]} has to be a finite number above 0.`;
  return new CodemodeError("CONFIG_INVALID", message);
}

function isLimit(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}
