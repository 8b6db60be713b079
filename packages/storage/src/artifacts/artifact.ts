import type { JsonObject, JsonValue } from "@codemode/core";

/**
 * What an artifact can be saved from: text, bytes, any JSON, or bytes as they come. A stream is
 * never held whole, and `load` gives it back by its content type.
 */
export type ArtifactData = JsonValue | Uint8Array | AsyncIterable<Uint8Array>;

/** What `load` gives back: what was saved. */
export type ArtifactKind = "text" | "bytes" | "json";

/** What is known of one version of an artifact. */
export interface ArtifactEntry {
  readonly name: string;
  /** 1 for the first; the same name and version never change content. */
  readonly version: number;
  /** Bytes. */
  readonly size: number;
  readonly kind: ArtifactKind;
  readonly contentType: string;
  readonly description: string;
  readonly metadata: JsonObject;
  /** When the name was first saved; ISO 8601. */
  readonly createdAt: string;
  /** When this version was saved; ISO 8601. */
  readonly updatedAt: string;
  /** ISO 8601; absent where it stays. */
  readonly expiresAt?: string;
  /** `sha256:` and the hexadecimal digest of the bytes. */
  readonly digest: string;
}

/** What a save can say of its data. */
export interface SaveArtifactOptions {
  /** At most 2,000 characters. Default: none. */
  readonly description?: string;
  /** At most 8 KiB of JSON. Default: none. */
  readonly metadata?: JsonObject;
  /** Default: `text/plain; charset=utf-8`, `application/json`, or `application/octet-stream`, by the data. */
  readonly contentType?: string;
  /** Seconds until the artifact is gone. Default: it stays. */
  readonly ttlSeconds?: number;
  /** Save only over this version, `0`: only where there is none; else `STORAGE_CONFLICT`. */
  readonly ifVersion?: number;
}

/** Which bytes of which version. */
export interface ReadArtifactOptions {
  /** Default: the newest. */
  readonly version?: number;
  /** First byte. Default 0. */
  readonly start?: number;
  /** The byte after the last. Default: the end. */
  readonly end?: number;
  /** Exactly these bytes, whatever they are. Default: as they were saved. */
  readonly as?: "bytes";
}

/** A version and its bytes as they are asked for. */
export interface ArtifactStream extends ArtifactEntry {
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A part of an artifact as a reader wants it: text where it is text, bytes where it is not. */
export interface ArtifactPart {
  readonly entry: ArtifactEntry;
  readonly data: string | Uint8Array;
  /** The bytes that `data` is: of text, whole characters. */
  readonly start: number;
  readonly end: number;
}

/** Which artifacts a page has. */
export interface ListArtifactsOptions {
  /** Default: every name. */
  readonly prefix?: string;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A page of entries, in the order of their names. */
export interface ArtifactPage {
  readonly artifacts: readonly ArtifactEntry[];
  /** Given where there may be more. */
  readonly next?: string;
}

/** How much a search gives. */
export interface SearchArtifactsOptions {
  /** Default 10, at most 100. */
  readonly limit?: number;
}

/** What a search found. */
export interface ArtifactMatch extends ArtifactEntry {
  readonly score: number;
}

/**
 * Named data that outlives sessions. A name is 1 to 460 bytes of UTF-8 without control characters,
 * else `STORAGE_KEY_INVALID`; it is never a path. Several processes may save and delete at once.
 */
export interface ArtifactStore {
  /** A new version: whole and readable when it resolves, not there at all before. `STORAGE_LIMIT` over the quota. */
  save(name: string, data: ArtifactData, options?: SaveArtifactOptions): Promise<ArtifactEntry>;
  /**
   * What was saved: text, bytes or JSON; a range of text or JSON is text, of whole characters.
   * `ARTIFACT_NOT_FOUND`; `STORAGE_LIMIT` where it is over `maxLoadBytes`.
   */
  load(name: string, options?: ReadArtifactOptions): Promise<JsonValue | Uint8Array>;
  /** What `load` gives of a range, with what it is a part of. */
  part(name: string, options?: ReadArtifactOptions): Promise<ArtifactPart>;
  /** `ARTIFACT_NOT_FOUND` where there is none. */
  stream(name: string, options?: ReadArtifactOptions): Promise<ArtifactStream>;
  get(
    name: string,
    options?: Pick<ReadArtifactOptions, "version">,
  ): Promise<ArtifactEntry | undefined>;
  exists(name: string): Promise<boolean>;
  /** With all versions. Whether there was one. */
  delete(name: string): Promise<boolean>;
  list(options?: ListArtifactsOptions): Promise<ArtifactPage>;
  /** By the words of name, description and metadata, best first. */
  search(query: string, options?: SearchArtifactsOptions): Promise<readonly ArtifactMatch[]>;
  /** Newest first; empty where there is none. */
  versions(name: string): Promise<readonly ArtifactEntry[]>;
  /** Removes what saves that died on the way left behind. Also done once a day by who saves, and before a save is refused for the quota. */
  sweep(): Promise<number>;
}
