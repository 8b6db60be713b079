import { InvalidArgumentError } from "commander";

/** Of an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** A whole number from 1 on. */
export function count(value: string): number {
  const given = Number(value);
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw new InvalidArgumentError("Give a whole number.");
}
