import type { GuestRealm } from "./guest-realm.ts";

/** The built-ins that the encoder uses, taken before any program ran. */
export interface EncoderTools {
  readonly isArray: (value: unknown) => boolean;
  readonly hasOwn: (value: object, key: string) => boolean;
  readonly getPrototype: (value: unknown) => unknown;
  readonly objectPrototype: unknown;
  readonly arrayPrototype: unknown;
  readonly isView: (value: unknown) => boolean;
  readonly isError: (value: unknown) => boolean;
  readonly tagOf: (value: unknown) => string;
  // These give `undefined` for what only calls itself so.
  /** `null` for an invalid date. */
  readonly toIso: (value: unknown) => string | null | undefined;
  readonly patternOf: (value: unknown) => string | undefined;
  readonly unbox: (value: unknown, tag: string) => unknown;
  readonly itemsOf: (value: unknown, tag: string) => unknown[] | undefined;
}

type Uncurried = (value: unknown) => never;

function captureEncoderTools(realm: GuestRealm): EncoderTools {
  const uncurry = (method: unknown): Uncurried =>
    Function.prototype.call.bind(method as () => unknown) as never;
  const timeOf = uncurry(Date.prototype.getTime);
  const isoOf = uncurry(Date.prototype.toISOString);
  const dateText = (value: unknown): string | null => {
    const time: number = timeOf(value);
    return time - time === 0 ? isoOf(value) : null;
  };
  return {
    isArray: Array.isArray,
    hasOwn: Object.hasOwn,
    getPrototype: Object.getPrototypeOf,
    objectPrototype: Object.prototype,
    arrayPrototype: Array.prototype,
    isView: ArrayBuffer.isView,
    isError: (Error as { isError?: (value: unknown) => boolean }).isError ?? (() => true),
    tagOf: uncurry(Object.prototype.toString),
    toIso: (value) => orUndefined(() => dateText(value)),
    patternOf: createPatternOf(uncurry),
    unbox: createUnbox(uncurry),
    itemsOf: createItemsOf(realm, uncurry),
  };
}

/** Methods of the language throw at what has not their inner parts. */
function orUndefined<Value>(ask: () => Value): Value | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function createPatternOf(uncurry: (method: unknown) => Uncurried): EncoderTools["patternOf"] {
  const getter = (key: string): Uncurried =>
    uncurry(Object.getOwnPropertyDescriptor(RegExp.prototype, key)?.get);
  const [sourceOf, isGlobal, isIgnoring] = [
    getter("source"),
    getter("global"),
    getter("ignoreCase"),
  ];
  const [isMultiline, isDotAll, isUnicode] = [
    getter("multiline"),
    getter("dotAll"),
    getter("unicode"),
  ];
  const flag = (is: Uncurried, letter: string, value: unknown): string => (is(value) ? letter : "");
  return (value) =>
    orUndefined(() => {
      const first = flag(isGlobal, "g", value) + flag(isIgnoring, "i", value);
      const second = flag(isMultiline, "m", value) + flag(isDotAll, "s", value);
      return `/${String(sourceOf(value))}/${first}${second}${flag(isUnicode, "u", value)}`;
    });
}

function createUnbox(uncurry: (method: unknown) => Uncurried): EncoderTools["unbox"] {
  const numberOf = uncurry(Number.prototype.valueOf);
  const textOf = uncurry(String.prototype.valueOf);
  const booleanOf = uncurry(Boolean.prototype.valueOf);
  const integerOf = uncurry(BigInt.prototype.valueOf);
  return (value, tag) =>
    orUndefined(() => {
      if (tag === "[object Number]") return numberOf(value);
      if (tag === "[object String]") return textOf(value);
      if (tag === "[object Boolean]") return booleanOf(value);
      return tag === "[object BigInt]" ? integerOf(value) : undefined;
    });
}

function createItemsOf(
  { define }: GuestRealm,
  uncurry: (method: unknown) => Uncurried,
): EncoderTools["itemsOf"] {
  const nextOf = (iterator: object): Uncurried =>
    uncurry((Object.getPrototypeOf(iterator) as { next: unknown }).next);
  const mapEntries = uncurry(Map.prototype.entries);
  const setValues = uncurry(Set.prototype.values);
  const nextEntry = nextOf(new Map().entries());
  const nextValue = nextOf(new Set().values());
  const drain = (
    iterator: unknown,
    next: (iterator: unknown) => IteratorResult<unknown>,
  ): unknown[] => {
    const items: unknown[] = [];
    let count = 0;
    for (let item = next(iterator); !item.done; item = next(iterator)) {
      // Defined, not assigned: a setter on the prototype would take it.
      define(items, count, item.value);
      count += 1;
    }
    return items;
  };
  const listOf = (view: ArrayLike<unknown>): unknown[] => {
    const items: unknown[] = [];
    for (let index = 0; index < view.length; index += 1) define(items, index, view[index]);
    return items;
  };
  const itemsOf = (value: unknown, tag: string): unknown[] => {
    if (tag === "[object Map]") return drain(mapEntries(value), nextEntry);
    if (tag === "[object Set]") return drain(setValues(value), nextValue);
    if (tag === "[object ArrayBuffer]") return listOf(new Uint8Array(value as ArrayBuffer));
    if (tag !== "[object DataView]") return listOf(value as ArrayLike<unknown>);
    const { buffer, byteOffset, byteLength } = value as DataView;
    return listOf(new Uint8Array(buffer, byteOffset, byteLength));
  };
  return (value, tag) => orUndefined(() => itemsOf(value, tag));
}

export const encoderToolFunctions = [
  captureEncoderTools,
  orUndefined,
  createPatternOf,
  createUnbox,
  createItemsOf,
];
