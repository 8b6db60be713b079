import type { GuestRealm } from "./guest-realm.ts";

/** A pair of a query. */
export type QueryPair = [name: string, value: string];

/** What `URL` needs of `URLSearchParams`: both show one query. */
export interface QueryKit {
  readonly URLSearchParams: unknown;
  /** Search parameters that tell of each change. */
  readonly bind: (query: string, onChange: (query: string) => void) => object;
  /** Puts another query into search parameters that are bound. */
  readonly refill: (params: object, query: string) => void;
}

/** What `AbortSignal` needs of `EventTarget`. */
export interface EventKit {
  readonly Event: new (type: string) => Event;
  readonly CustomEvent: unknown;
  readonly EventTarget: new () => EventTarget;
}

/** What `AbortController` needs of `AbortSignal`. */
export interface SignalKit {
  readonly AbortController: unknown;
  readonly AbortSignal: unknown;
}

/** The names that are made when a program first asks for them, and what they share. */
export interface Platform {
  readonly realm: GuestRealm;
  readonly exception: () => new (message: string, name: string) => Error;
  readonly query: () => QueryKit;
  readonly events: () => EventKit;
  readonly signals: () => SignalKit;
}

/** Makes a thing when it is first asked for. */
function makeOnce<Thing>(make: () => Thing): () => Thing {
  let made: { readonly thing: Thing } | undefined;
  return () => (made ??= { thing: make() }).thing;
}

/** Puts a name where programs find it; the first use makes the thing and takes the getter away. */
function defineLazily(realm: GuestRealm, name: string, make: () => unknown): void {
  const { global } = realm;
  // Whatever the realm brings along stays.
  if (name in global) return;
  const settle = (value: unknown): void => {
    Object.defineProperty(global, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  };
  Object.defineProperty(global, name, {
    get() {
      const value = make();
      settle(value);
      return value;
    },
    set: settle,
    configurable: true,
    enumerable: false,
  });
}

/** Gives a class the look of the platform's own: what it is called, and members that are listed. */
function finishClass<Type extends { readonly prototype: object }>(type: Type, name: string): Type {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
  const members = Object.getOwnPropertyNames(type.prototype);
  for (let index = 0; index < members.length; index += 1) {
    const member = members[index] ?? "";
    if (member !== "constructor")
      Object.defineProperty(type.prototype, member, { enumerable: true });
  }
  return type;
}

/** Any value as text. Other than `String()`, which takes symbols. */
function toText(value: unknown): string {
  return "".concat(value as string);
}

/** A text as the platform takes one: any value, and no half of a surrogate pair. */
function toUsvString(value: unknown): string {
  return toText(value).toWellFormed();
}

export const platformFunctions = [makeOnce, defineLazily, finishClass, toText, toUsvString];
