import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { HostFunction } from "@codemode/sandbox";
import { DEFAULT_LIMITS } from "@codemode/sandbox";
import type {
  ArtifactStore,
  ListArtifactsOptions,
  ReadArtifactOptions,
  SaveArtifactOptions,
} from "@codemode/storage";

import { isObject, positional, toJson, toObject } from "./host-arguments.ts";

// As JSON a character of it takes six at most: an answer stays below the default of what one may be.
const CHUNK_BYTES = 256 * 1024;
// What a guest with the default heap holds twice, as text and as what it is parsed to.
const MAX_LOAD_BYTES = 32 * 1024 * 1024;

/** `artifacts.*` as programs call them: the guest cuts what is large into stretches. */
export function createArtifactFunctions(
  store: ArtifactStore,
  maxAnswerBytes: number = DEFAULT_LIMITS.maxToolResultBytes,
): { readonly [name: string]: HostFunction } {
  const chunkBytes = Math.max(1_024, Math.min(CHUNK_BYTES, Math.floor(maxAnswerBytes / 8)));
  return {
    "artifacts.save": async (args) => {
      const [name, data, options] = positional(args);
      if (data === undefined) throw usage('save needs data: artifacts.save("x.json", data)');
      return toJson(await store.save(textOf(name, "save"), data, saveOptions(options)));
    },
    "artifacts.saveBytes": async (args) => {
      const [name, base64, options] = positional(args);
      const bytes = Buffer.from(typeof base64 === "string" ? base64 : "", "base64");
      return toJson(await store.save(textOf(name, "save"), bytes, saveOptions(options)));
    },
    "artifacts.load": async (args) => {
      const [name, options] = positional(args);
      return loadChunk(store, textOf(name, "load"), { ...readOptions(options), chunkBytes });
    },
    "artifacts.list": async (args) => {
      const [options] = positional(args);
      return toJson(await store.list(listOptions(options)));
    },
    "artifacts.get": async (args) => {
      const [name, options] = positional(args);
      const { version } = readOptions(options);
      const asked = version === undefined ? {} : { version };
      return toJson((await store.get(textOf(name, "get"), asked)) ?? null);
    },
    "artifacts.exists": async (args) => store.exists(textOf(positional(args)[0], "exists")),
    "artifacts.delete": async (args) => store.delete(textOf(positional(args)[0], "delete")),
    "artifacts.search": async (args) => {
      const [query, options] = positional(args);
      const { limit } = toObject(options);
      const asked = typeof limit === "number" ? { limit } : {};
      return toJson(await store.search(textOf(query, "search"), asked));
    },
    "artifacts.versions": async (args) =>
      toJson(await store.versions(textOf(positional(args)[0], "versions"))),
  };
}

/** See `ArtifactChunk` in the guest. */
async function loadChunk(
  store: ArtifactStore,
  name: string,
  { chunkBytes, ...options }: ReadArtifactOptions & { readonly chunkBytes: number },
): Promise<JsonValue> {
  const { version } = options;
  const entry = await store.get(name, version === undefined ? {} : { version });
  const size = entry?.size ?? 0;
  const start = options.start ?? 0;
  const until = Math.max(Math.min(options.end ?? size, size), Math.min(start, size));
  if (until - start > MAX_LOAD_BYTES) throw tooLarge(name, until - start);
  // Where there is none the store says so, with the nearest name.
  const end = entry ? Math.min(until, start + chunkBytes) : (options.end ?? 0);
  const asked = entry ? { ...options, version: entry.version } : options;
  const part = await store.part(name, { ...asked, start, end });
  const { data } = part;
  const isText = typeof data === "string";
  return {
    kind: isText ? part.entry.kind : "bytes",
    data: isText ? data : Buffer.from(data).toString("base64"),
    version: part.entry.version,
    // What of a character lies beyond the range has been read with it.
    end,
    until,
  };
}

function tooLarge(name: string, size: number): CodemodeError {
  const message = `${JSON.stringify(name)} is ${size} bytes: a program loads at most ${MAX_LOAD_BYTES} at once. Load it in ranges: artifacts.load(name, { start: 0, end: ${MAX_LOAD_BYTES} }), then from there on.`;
  return new CodemodeError("STORAGE_LIMIT", message, { details: { size } });
}

function saveOptions(value: JsonValue | undefined): SaveArtifactOptions {
  const { description, metadata, contentType, ttlSeconds, ifVersion, ...others } = asOptions(value);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw usage(
      `save has no option ${JSON.stringify(unknown)}: description, metadata, contentType, ttlSeconds, ifVersion`,
    );
  }
  return {
    ...(typeof description === "string" ? { description } : refuse("description", description)),
    ...(isObject(metadata) ? { metadata } : refuse("metadata", metadata)),
    ...(typeof contentType === "string" ? { contentType } : refuse("contentType", contentType)),
    ...(typeof ttlSeconds === "number" ? { ttlSeconds } : refuse("ttlSeconds", ttlSeconds)),
    ...(typeof ifVersion === "number" ? { ifVersion } : refuse("ifVersion", ifVersion)),
  };
}

function readOptions(value: JsonValue | undefined): ReadArtifactOptions {
  const { version, start, end, as } = asOptions(value);
  return {
    ...(typeof version === "number" ? { version } : refuse("version", version)),
    ...(typeof start === "number" ? { start } : refuse("start", start)),
    ...(typeof end === "number" ? { end } : refuse("end", end)),
    ...(as === "bytes" ? { as } : {}),
  };
}

function listOptions(value: JsonValue | undefined): ListArtifactsOptions {
  const { prefix, limit, after } = typeof value === "string" ? { prefix: value } : asOptions(value);
  return {
    limit: typeof limit === "number" ? limit : 1_000,
    ...(typeof prefix === "string" ? { prefix } : refuse("prefix", prefix)),
    ...(typeof after === "string" ? { after } : refuse("after", after)),
  };
}

function asOptions(value: JsonValue | undefined): JsonObject {
  if (value === undefined || value === null || isObject(value)) return toObject(value);
  throw usage('options are one object: artifacts.load("x.txt", { start: 0, end: 1000 })');
}

/** Nothing where nothing was given; a value of the wrong type is told, not passed over. */
function refuse(option: string, value: JsonValue | undefined): object {
  if (value === undefined || value === null) return {};
  throw usage(`the option "${option}" cannot be ${JSON.stringify(value).slice(0, 80)}`);
}

function textOf(value: JsonValue | undefined, method: string): string {
  if (typeof value === "string") return value;
  const first = method === "search" ? "what you look for in words" : "the artifact's name";
  throw usage(`${method} takes ${first} first`);
}

function usage(message: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", `artifacts: ${message}.`);
}
