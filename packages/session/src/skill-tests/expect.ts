// Shipped to the sandbox as text: functions that use each other and what programs have, nothing else.

function showValue(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const json: string | undefined = JSON.stringify(value);
  return (json ?? typeof value).slice(0, 500);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => sortKeys(one));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, member]) => [key, sortKeys(member)]));
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
}

/** A text in a text, an element in a list, or members in an object. */
function isPart(whole: unknown, part: unknown): boolean {
  if (typeof whole === "string" && typeof part === "string") return whole.includes(part);
  if (Array.isArray(whole) && !Array.isArray(part)) return whole.some((one) => isSame(one, part));
  if (typeof part !== "object" || part === null || Array.isArray(part)) return isSame(whole, part);
  const members = new Map(Object.entries(Object(whole)));
  return Object.entries(part).every(([key, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? isPart(members.get(key), value)
      : isSame(members.get(key), value),
  );
}

async function thrownBy(run: unknown): Promise<unknown> {
  try {
    await (typeof run === "function" ? run() : run);
  } catch (error) {
    return error ?? new Error("nothing was thrown as an error");
  }
  return undefined;
}

/** By class, name, code, or part of the message. */
function isWanted(error: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  const { name, code, message } = Object(error);
  if (wanted instanceof RegExp) return wanted.test(String(message));
  if (typeof wanted === "function") return error instanceof wanted;
  return [name, code].includes(wanted) || isPart(String(message), wanted);
}

function createMatchers(value: unknown, expected: boolean): Record<string, unknown> {
  const check = (ok: boolean, what: string): void => {
    if (ok === expected) return;
    throw new Error(`expected ${showValue(value)} ${expected ? "" : "not "}${what}`);
  };
  return {
    toBe: (other: unknown) => check(Object.is(value, other), `to be ${showValue(other)}`),
    toEqual: (other: unknown) => check(isSame(value, other), `to equal ${showValue(other)}`),
    toContain: (part: unknown) => check(isPart(value, part), `to contain ${showValue(part)}`),
    toMatchObject: (part: unknown) => check(isPart(value, part), `to match ${showValue(part)}`),
    toMatch: (pattern: RegExp | string) =>
      check(new RegExp(pattern).test(String(value)), `to match ${String(pattern)}`),
    toHaveLength: (length: number) =>
      check(Object(value).length === length, `to have length ${length}`),
    toBeTruthy: () => check(Boolean(value), "to be true"),
    toBeFalsy: () => check(!value, "to be false"),
    toBeDefined: () => check(value !== undefined, "to be defined"),
    toBeUndefined: () => check(value === undefined, "to be undefined"),
    toBeNull: () => check(value === null, "to be null"),
    toBeGreaterThan: (other: number) => check(Number(value) > other, `to be over ${other}`),
    toBeLessThan: (other: number) => check(Number(value) < other, `to be under ${other}`),
    toThrow: async (wanted?: unknown) => {
      const error = await thrownBy(value);
      const told = error === undefined ? "" : `, but it threw ${showValue(error)}`;
      const ok = error !== undefined && isWanted(error, wanted);
      check(ok, wanted === undefined ? "to throw" : `to throw ${showValue(wanted)}${told}`);
    },
  };
}

export const expectFunctions = [
  showValue,
  sortKeys,
  isSame,
  isPart,
  thrownBy,
  isWanted,
  createMatchers,
];
