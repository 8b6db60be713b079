import type { GuestRealm } from "./guest-realm.ts";

declare function createAsk(
  realm: GuestRealm,
): (name: string) => (...args: unknown[]) => Promise<unknown>;
declare function bytesOf(input: unknown): Uint8Array;
declare function toBase64(bytes: Uint8Array): string;
declare function fromBase64(text: string): Uint8Array | undefined;
declare function rejectWith(error: Error): Promise<never>;

/** One stretch of an artifact as the host gives it. `bytes` come as base64. */
interface ArtifactChunk {
  readonly kind: "text" | "json" | "bytes";
  readonly data: string;
  /** The version that is read, for the stretches after the first. */
  readonly version: number;
  /** Where the next stretch begins, and where the last one ends. */
  readonly end: number;
  readonly until: number;
}

/** Which part of which version is loaded. */
interface LoadOptions {
  readonly version?: unknown;
  readonly start?: unknown;
  readonly end?: unknown;
  readonly as?: unknown;
}

/** `artifacts`: data that outlives the session. Bytes cross the border as base64, large ones in stretches. */
function createArtifacts(realm: GuestRealm): object {
  const ask = createAsk(realm);
  return realm.freeze({
    __proto__: null,
    save: (name: unknown, data?: unknown, options: unknown = {}): Promise<unknown> => {
      if (data === undefined) return rejectWith(noData(realm));
      return isBinary(data)
        ? realm.call("h", "artifacts.saveBytes", [name, toBase64(bytesOf(data)), options])
        : realm.call("h", "artifacts.save", [name, data, options]);
    },
    load: (name: unknown, options?: LoadOptions): Promise<unknown> =>
      loadArtifact(realm, name, options ?? {}),
    list: (options?: unknown): Promise<unknown> => listArtifacts(realm, options ?? {}),
    get: ask("artifacts.get"),
    exists: ask("artifacts.exists"),
    delete: ask("artifacts.delete"),
    search: ask("artifacts.search"),
    versions: ask("artifacts.versions"),
  });
}

/** In an array it would be null. */
function noData(realm: GuestRealm): Error {
  const tool = "artifacts.save";
  const message = 'artifacts.save was given nothing to save: artifacts.save("report.json", data).';
  return realm.toolError({ tool, code: "INVALID_ARGUMENTS", message });
}

function isBinary(data: unknown): boolean {
  return (
    ArrayBuffer.isView(data) || Object.prototype.toString.call(data) === "[object ArrayBuffer]"
  );
}

/** Stretch after stretch of one version, put together as what was saved. */
async function loadArtifact(
  realm: GuestRealm,
  name: unknown,
  options: LoadOptions,
): Promise<unknown> {
  const isWhole = options.start === undefined && options.end === undefined;
  let chunk = await loadChunk(realm, name, options);
  const { kind, version, until } = chunk;
  const parts = [chunk.data];
  while (chunk.end < until) {
    // oxlint-disable-next-line no-await-in-loop -- one after another: all at once would not fit
    chunk = await loadChunk(realm, name, { version, start: chunk.end, end: until, as: options.as });
    // What called itself text is none in places: all of it is read as bytes.
    if (chunk.kind !== kind) return loadArtifact(realm, name, { ...options, version, as: "bytes" });
    parts[parts.length] = chunk.data;
  }
  if (kind === "bytes") return joinBytes(parts);
  const text = parts.join("");
  if (kind === "text" || !isWhole) return text;
  try {
    return realm.parse(text);
  } catch {
    // It was saved from a stream that called itself JSON and is none: as text.
    return text;
  }
}

function loadChunk(realm: GuestRealm, name: unknown, options: unknown): Promise<ArtifactChunk> {
  return realm.call("h", "artifacts.load", [name, options]) as Promise<ArtifactChunk>;
}

function joinBytes(parts: readonly string[]): Uint8Array {
  const decoded: Uint8Array[] = [];
  let length = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const bytes = fromBase64(parts[index] ?? "") ?? new Uint8Array();
    decoded[index] = bytes;
    length += bytes.length;
  }
  const joined = new Uint8Array(length);
  let used = 0;
  for (let index = 0; index < decoded.length; index += 1) {
    const bytes = decoded[index] ?? new Uint8Array();
    joined.set(bytes, used);
    used += bytes.length;
  }
  return joined;
}

/** The entries, and as `next` where the next page begins. */
async function listArtifacts(realm: GuestRealm, options: unknown): Promise<unknown> {
  const page = (await realm.call("h", "artifacts.list", [options])) as {
    readonly artifacts: unknown[];
    readonly next?: string;
  };
  realm.define(page.artifacts, "next", page.next);
  return page.artifacts;
}

export const artifactFunctions = [
  createArtifacts,
  noData,
  isBinary,
  loadArtifact,
  loadChunk,
  joinBytes,
  listArtifacts,
];
