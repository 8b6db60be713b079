/** A variable without value and default. */
interface UnsetVariable {
  readonly name: string;
  readonly path: readonly PropertyKey[];
}

/** A variable's value, and where it was filled in. */
export interface FilledVariable {
  readonly value: string;
  readonly path: readonly PropertyKey[];
}

/** A value with its variables filled in. */
export interface Interpolated {
  readonly value: unknown;
  readonly unset: readonly UnsetVariable[];
  readonly filled: readonly FilledVariable[];
}

// `${NAME}`, `${NAME:-default}`, and `$${` for the text `${`.
const VARIABLE = /\$(\$\{)|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** Fills in `${NAME}` and `${NAME:-default}` in every text; `$${` stays as `${`. Keys are left alone. */
export function interpolate(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Interpolated {
  const unset: UnsetVariable[] = [];
  const filled: FilledVariable[] = [];
  const fill = (item: unknown, path: readonly PropertyKey[]): unknown => {
    if (Array.isArray(item)) return item.map((one, index) => fill(one, [...path, index]));
    if (typeof item === "object" && item !== null) {
      return Object.fromEntries(
        Object.entries(item).map(([key, one]) => [key, fill(one, [...path, key])]),
      );
    }
    if (typeof item !== "string") return item;
    return item.replaceAll(VARIABLE, (...match) => {
      const [, escaped, name, otherwise]: readonly (string | undefined)[] = match;
      if (escaped !== undefined || name === undefined) return escaped ?? "";
      const set = env[name];
      // As in a shell, `:-` also stands in for an empty variable.
      if (set !== undefined && (set !== "" || otherwise === undefined)) {
        filled.push({ value: set, path });
        return set;
      }
      if (otherwise === undefined) unset.push({ name, path });
      return otherwise ?? "";
    });
  };
  return { value: fill(value, []), unset, filled };
}

/** What of it is not to be shown. A whole URL is a place, and no secret. */
export function secretValues(filled: readonly FilledVariable[]): readonly string[] {
  return filled.map(({ value }) => value).filter((value) => !/^https?:\/\//i.test(value));
}
