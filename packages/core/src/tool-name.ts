/** `server` + `tool` as one name, by the original spellings. */
export function canonicalName(server: string, tool: string): string {
  return `${server}.${tool}`;
}

/**
 * Words that cannot name a binding: reserved words, and globals a program relies on. A tool or
 * server of that name gets a `_` behind it.
 */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "abstract arguments as async await boolean break byte case catch char class const continue " +
    "debugger declare default delete do double else enum eval export extends false final finally " +
    "float for from function get goto if implements import in infer instanceof int interface is " +
    "keyof let long module namespace native never new null of package private protected public " +
    "readonly require return set short static super switch symbol synchronized this throw " +
    "throws transient true try type typeof undefined unique unknown using var void volatile " +
    "while with yield any bigint number object string constructor prototype then toString " +
    "valueOf hasOwnProperty __proto__ raw " +
    "Array ArrayBuffer BigInt Boolean DataView Date Error Function Infinity Intl Iterator JSON " +
    "Map Math NaN Number Object Promise Proxy Reflect RegExp Set String Symbol WeakMap WeakRef " +
    "WeakSet Atomics globalThis console crypto fetch performance process global window self " +
    "URL URLSearchParams TextEncoder TextDecoder AbortController AbortSignal setTimeout " +
    "clearTimeout setInterval clearInterval queueMicrotask structuredClone atob btoa isNaN " +
    "isFinite parseInt parseFloat escape unescape " +
    "tools skills artifacts deps codemode generated"
  ).split(" "),
);

/**
 * The identifier nearest to `name`: `resolve-library-id` -> `resolve_library_id`, `export` ->
 * `export_`, `2fa` -> `_2fa`. ASCII only, so that no look-alike letter passes as another.
 */
export function nameToIdentifier(name: string): string {
  const letters = name.normalize("NFKC").replaceAll(/[^A-Za-z0-9_$]+/g, "_");
  const started = /^[0-9]/.test(letters) ? `_${letters}` : letters;
  const solid = /^_*$/.test(started) ? `tool${started}` : started;
  const short = solid.slice(0, 128);
  return RESERVED.has(short) ? `${short}_` : short;
}

/**
 * One distinct identifier for each name, the same whatever the order: names that are identifiers
 * already keep theirs, the others follow sorted, and a taken one gets `_2`, `_3`, ...
 */
export function assignIdentifiers(names: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(names)].toSorted(
    (a, b) =>
      Number(nameToIdentifier(a) !== a) - Number(nameToIdentifier(b) !== b) || compare(a, b),
  );
  const taken = new Set<string>();
  const table = new Map<string, string>();
  for (const name of sorted) {
    const wanted = nameToIdentifier(name);
    let identifier = wanted;
    for (let n = 2; taken.has(identifier); n += 1) identifier = `${wanted}_${n}`;
    taken.add(identifier);
    table.set(name, identifier);
  }
  return table;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
