import { CodemodeError } from "@codemode/core";

/** How large values may be. */
export interface StoreLimits {
  /** Bytes of a value that is put whole. Default 16 MiB. */
  readonly maxValueBytes: number;
  /** Bytes of a value that is written as a stream. Default 1 GiB. */
  readonly maxStreamBytes: number;
}

const DEFAULT_LIMITS: StoreLimits = {
  maxValueBytes: 16 * 1024 * 1024,
  maxStreamBytes: 1024 * 1024 * 1024,
};

/** The limits of a driver, with defaults where none are given. */
export function toStoreLimits(options: Partial<StoreLimits>): StoreLimits {
  return {
    maxValueBytes: options.maxValueBytes ?? DEFAULT_LIMITS.maxValueBytes,
    maxStreamBytes: options.maxStreamBytes ?? DEFAULT_LIMITS.maxStreamBytes,
  };
}

/** Throws `STORAGE_LIMIT` where `size` is over `limit`, the one called `name`. */
export function checkSize(
  key: string,
  size: number,
  [name, limit]: readonly [string, number],
): void {
  if (size <= limit) return;
  throw new CodemodeError(
    "STORAGE_LIMIT",
    `The value of ${JSON.stringify(key)} is larger than ${limit} bytes. Store less, or raise \`${name}\`.`,
    { details: { limit } },
  );
}
