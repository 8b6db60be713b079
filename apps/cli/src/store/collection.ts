/** What can be moved between a folder and a store. */
export const COLLECTION_TYPES = ["skills", "artifacts", "tools"] as const;

/** One of them. */
type CollectionType = (typeof COLLECTION_TYPES)[number];

/** Digests by name: two sides of one name are the same where these are. */
export type Digests = ReadonlyMap<string, string>;

/** Things of one type, in a folder and in a store. */
export interface Collection {
  readonly type: CollectionType;
  /** Throws where something in the folder is broken. */
  local(): Promise<Digests>;
  stored(): Promise<Digests>;
  /** From the folder into the store. */
  push(names: readonly string[]): Promise<void>;
  /** From the store into the folder. */
  pull(names: readonly string[]): Promise<void>;
  /** Out of the store. */
  remove(names: readonly string[]): Promise<void>;
}

/** `+` in the folder only, `-` in the store only, `~` different, `=` the same. */
export type Mark = "+" | "-" | "~" | "=";

/** How one thing stands. */
export interface Difference {
  readonly mark: Mark;
  readonly type: CollectionType;
  readonly name: string;
}

/** Compares both sides, by name. */
export async function compare(collection: Collection): Promise<readonly Difference[]> {
  const [local, stored] = await Promise.all([collection.local(), collection.stored()]);
  const names = [...new Set([...local.keys(), ...stored.keys()])].toSorted((a, b) =>
    a < b ? -1 : 1,
  );
  return names.map((name) => ({ mark: markOf(name, local, stored), type: collection.type, name }));
}

function markOf(name: string, local: Digests, stored: Digests): Mark {
  if (!stored.has(name)) return "+";
  if (!local.has(name)) return "-";
  return local.get(name) === stored.get(name) ? "=" : "~";
}
