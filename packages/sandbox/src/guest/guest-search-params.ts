import type { QueryKit, QueryPair } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toUsvString(value: unknown): string;
declare function encodeUtf8(text: string): Uint8Array;
declare function decodeUtf8(bytes: Uint8Array): string;

/** A piece of a query as text (WHATWG URL, application/x-www-form-urlencoded). */
function decodeQueryPart(part: string): string {
  const text = part.replaceAll("+", " ");
  if (!text.includes("%")) return text;
  const bytes = encodeUtf8(text);
  let used = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const pair = String.fromCharCode(bytes[index + 1] ?? 0, bytes[index + 2] ?? 0);
    if (bytes[index] === 0x25 && /^[\da-f]{2}$/i.test(pair)) {
      bytes[used] = Number.parseInt(pair, 16);
      index += 2;
    } else bytes[used] = bytes[index] ?? 0;
    used += 1;
  }
  return decodeUtf8(bytes.subarray(0, used));
}

function encodeQueryPart(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replaceAll(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parseQuery(query: string): QueryPair[] {
  const pairs: QueryPair[] = [];
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? "" : part.slice(equals + 1);
    pairs.push([decodeQueryPart(name), decodeQueryPart(value)]);
  }
  return pairs;
}

function printQuery(pairs: readonly QueryPair[]): string {
  return pairs
    .map(([name, value]) => `${encodeQueryPart(name)}=${encodeQueryPart(value)}`)
    .join("&");
}

/** What search parameters can be made of: text, pairs, an object, others of their kind. */
function readQueryInit(init: unknown): QueryPair[] {
  if (init === undefined) return [];
  if (init === null || (typeof init !== "object" && typeof init !== "function")) {
    const text = toUsvString(init);
    return parseQuery(text.startsWith("?") ? text.slice(1) : text);
  }
  const pairs: QueryPair[] = [];
  const { [Symbol.iterator]: iterate } = init as { [Symbol.iterator]?: unknown };
  if (iterate !== undefined && iterate !== null) {
    for (const entry of init as Iterable<Iterable<unknown>>) {
      const isList = typeof entry === "object" && entry !== null && Symbol.iterator in entry;
      const items = isList ? [...entry] : [];
      if (items.length !== 2)
        throw new TypeError("Each query pair must be an iterable [name, value] tuple.");
      pairs.push([toUsvString(items[0]), toUsvString(items[1])]);
    }
    return pairs;
  }
  for (const key of Reflect.ownKeys(init)) {
    if (!Object.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
    const name = toUsvString(key);
    const value = toUsvString((init as Record<PropertyKey, unknown>)[key]);
    const known = pairs.find((pair) => pair[0] === name);
    if (known) known[1] = value;
    else pairs.push([name, value]);
  }
  return pairs;
}

/** `URLSearchParams`, and the way into it that `URL` has. */
function createQueryKit(): QueryKit {
  const listeners = new WeakMap<object, (query: string) => void>();
  const { type, refill } = createSearchParams((params, pairs) =>
    listeners.get(params)?.(printQuery(pairs)),
  );
  return {
    URLSearchParams: type,
    bind(query, onChange) {
      const params = new type(parseQuery(query));
      listeners.set(params, onChange);
      return params;
    },
    refill(params, query) {
      refill(params, parseQuery(query));
    },
  };
}

/** The pairs of search parameters, as they are now. */
type ReadPairs = (params: object) => readonly QueryPair[];

interface SearchParams {
  readonly type: new (init?: unknown) => object;
  readonly refill: (params: object, pairs: QueryPair[]) => void;
}

function createSearchParams(
  onChange: (params: object, pairs: readonly QueryPair[]) => void,
): SearchParams {
  let refill: SearchParams["refill"] = () => {};
  let read: ReadPairs = () => [];
  class URLSearchParams {
    #pairs: QueryPair[];
    static {
      read = (params) => (params as URLSearchParams).#pairs;
      refill = (params, pairs) => {
        (params as URLSearchParams).#pairs = pairs;
      };
    }
    constructor(...[init]: readonly unknown[]) {
      this.#pairs = readQueryInit(init);
    }
    get size(): number {
      return this.#pairs.length;
    }
    append(name: unknown, value: unknown): void {
      if (arguments.length < 2) throw new TypeError("append needs a name and a value.");
      this.#pairs.push([toUsvString(name), toUsvString(value)]);
      this.#replace(this.#pairs);
    }
    delete(name: unknown, ...[value]: readonly unknown[]): void {
      const isMeant = matchPair(name, value);
      this.#replace(this.#pairs.filter((pair) => !isMeant(pair)));
    }
    get(name: unknown): string | null {
      return this.#pairs.find(matchPair(name, undefined))?.[1] ?? null;
    }
    getAll(name: unknown): string[] {
      return this.#pairs.filter(matchPair(name, undefined)).map((pair) => pair[1]);
    }
    has(name: unknown, ...[value]: readonly unknown[]): boolean {
      return this.#pairs.some(matchPair(name, value));
    }
    set(name: unknown, value: unknown): void {
      if (arguments.length < 2) throw new TypeError("set needs a name and a value.");
      this.#replace(setPair(this.#pairs, [toUsvString(name), toUsvString(value)]));
    }
    sort(): void {
      this.#replace(this.#pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    }
    toString(): string {
      return printQuery(this.#pairs);
    }
    #replace(pairs: QueryPair[]): void {
      this.#pairs = pairs;
      onChange(this, pairs);
    }
  }
  defineQueryIteration(URLSearchParams.prototype, read);
  return { type: finishClass(URLSearchParams, "URLSearchParams"), refill };
}

/** Goes through pairs by place, since they may change on the way. */
function walkQuery<Item>(
  pairs: () => readonly QueryPair[],
  pick: (pair: QueryPair) => Item,
): Iterable<Item> {
  const prototype: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()) as object);
  let place = 0;
  const iterator = Object.create(prototype) as Iterator<Item> & Iterable<Item>;
  return Object.defineProperties(iterator, {
    next: {
      value() {
        const pair = pairs()[place];
        place += 1;
        return pair ? { value: pick(pair), done: false } : { value: undefined, done: true };
      },
    },
    [Symbol.toStringTag]: { value: "URLSearchParams Iterator" },
  });
}

/** The members that go through all pairs. */
function defineQueryIteration(prototype: object, read: ReadPairs): void {
  function entries(this: object): Iterable<QueryPair> {
    return walkQuery(
      () => read(this),
      ([name, value]) => [name, value],
    );
  }
  const members = {
    entries,
    keys(this: object): Iterable<string> {
      return walkQuery(
        () => read(this),
        ([name]) => name,
      );
    },
    values(this: object): Iterable<string> {
      return walkQuery(
        () => read(this),
        ([, value]) => value,
      );
    },
    forEach(this: object, callback: unknown, ...[self]: readonly unknown[]): void {
      if (typeof callback !== "function") throw new TypeError("forEach needs a function to call.");
      for (const [name, value] of Reflect.apply(entries, this, []))
        Reflect.apply(callback, self, [value, name, this]);
    },
    [Symbol.iterator]: entries,
  };
  for (const name of Reflect.ownKeys(members))
    Object.defineProperty(prototype, name, {
      value: Reflect.get(members, name),
      writable: true,
      configurable: true,
    });
}

/** The first of a name has the value, the others go. */
function setPair(pairs: readonly QueryPair[], pair: QueryPair): QueryPair[] {
  const first = pairs.findIndex(([name]) => name === pair[0]);
  if (first < 0) return [...pairs, pair];
  return pairs
    .map((old, place) => (place === first ? pair : old))
    .filter(([name], place) => place <= first || name !== pair[0]);
}

/** Whether a pair has a name, and a value where one is asked for. */
function matchPair(name: unknown, value: unknown): (pair: QueryPair) => boolean {
  const wantedName = toUsvString(name);
  const wantedValue = value === undefined ? undefined : toUsvString(value);
  return (pair) => pair[0] === wantedName && (wantedValue === undefined || pair[1] === wantedValue);
}

export const queryFunctions = [
  decodeQueryPart,
  encodeQueryPart,
  parseQuery,
  printQuery,
  readQueryInit,
  matchPair,
  setPair,
  walkQuery,
  defineQueryIteration,
  createSearchParams,
  createQueryKit,
];
