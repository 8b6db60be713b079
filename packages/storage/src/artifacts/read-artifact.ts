import { CodemodeError, nearestNames } from "@codemode/core";

import type { Store } from "../storage.ts";
import { decodeText } from "./artifact-content.ts";
import type { HeadVersion } from "./artifact-head.ts";
import { artifactKeys, liveVersions, toEntry } from "./artifact-head.ts";
import type {
  ArtifactEntry,
  ArtifactPart,
  ArtifactStream,
  ReadArtifactOptions,
} from "./artifact.ts";
import type { HeadReader, ReadHead } from "./head-reader.ts";
import { cutToCharacters, widenToCharacters } from "./text-range.ts";

/** What reading needs. */
export interface ArtifactReader {
  readonly store: Store;
  readonly heads: HeadReader;
}

interface Found {
  readonly entry: ArtifactEntry;
  readonly id: string;
}

/** The version asked for, else the newest. `ARTIFACT_NOT_FOUND` with what is there instead. */
export async function findVersion(
  reader: ArtifactReader,
  name: string,
  version: number | undefined,
): Promise<Found> {
  const current = await reader.heads.read(name);
  const live = current ? liveVersions(current.head) : [];
  if (!current || live.length === 0) throw await noSuchName(reader.store, name);
  const found = pick(live, version);
  if (found) return { entry: toEntry(name, current.head, found), id: found.id };
  const there = live.map((one) => one.version).join(", ");
  const message = `The artifact ${JSON.stringify(name)} has no version ${version}. There ${live.length === 1 ? "is" : "are"}: ${there}.`;
  throw new CodemodeError("ARTIFACT_NOT_FOUND", message);
}

function pick(live: readonly HeadVersion[], version: number | undefined): HeadVersion | undefined {
  return version === undefined ? live.at(-1) : live.find((one) => one.version === version);
}

/** What of a record is alive, as an entry. */
export function entryOf({ name, head }: ReadHead, version?: number): ArtifactEntry | undefined {
  const found = pick(liveVersions(head), version);
  return found && toEntry(name, head, found);
}

/** Bytes of a version as they are asked for. */
export async function streamArtifact(
  reader: ArtifactReader,
  name: string,
  { version, start, end }: ReadArtifactOptions,
): Promise<ArtifactStream> {
  const range = {
    ...(start === undefined ? {} : { start: checkOffset("start", start) }),
    ...(end === undefined ? {} : { end: checkOffset("end", end) }),
  };
  const found = await findVersion(reader, name, version);
  const opened = await reader.store.read(artifactKeys.body(name, found.id), range);
  if (opened) return { ...found.entry, chunks: opened.chunks };
  // Deleted, or saved over so often that it is history, since its record was read.
  const again = await findVersion(reader, name, version);
  if (again.id !== found.id)
    return streamArtifact(reader, name, { version: again.entry.version, ...range });
  const message = `The bytes of the artifact ${JSON.stringify(name)}, version ${found.entry.version}, are gone. Save it again.`;
  throw new CodemodeError("STORAGE_CORRUPT", message);
}

/** A range held whole: text where the artifact is text or JSON. */
export async function readPart(
  reader: ArtifactReader,
  name: string,
  { maxBytes, ...options }: ReadArtifactOptions & { readonly maxBytes: number },
): Promise<ArtifactPart> {
  const { entry } = await findVersion(reader, name, options.version);
  const start = Math.min(checkOffset("start", options.start ?? 0), entry.size);
  const end = Math.min(Math.max(checkOffset("end", options.end ?? entry.size), start), entry.size);
  if (end - start > maxBytes) throw tooLarge(name, end - start, maxBytes);
  const isBytes = entry.kind === "bytes" || options.as === "bytes";
  const { version } = entry;
  const range = isBytes ? { start, end } : widenToCharacters(start, end);
  const { chunks } = await streamArtifact(reader, name, { version, ...range });
  const read = await collect(chunks);
  if (isBytes) return { entry, data: read, start, end };
  const whole = cutToCharacters(read, { start, end });
  const text = decodeText(whole.bytes);
  if (text !== undefined) return { entry, data: text, start: whole.start, end: whole.end };
  return { entry, data: read.subarray(0, end - start), start, end };
}

function checkOffset(what: string, offset: number): number {
  if (Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new CodemodeError(
    "INVALID_ARGUMENTS",
    `"${what}" of a range is a whole number of bytes, 0 or more.`,
  );
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  for await (const chunk of chunks) held.push(chunk);
  const [only] = held;
  return held.length === 1 && only ? only : Buffer.concat(held);
}

export function tooLarge(name: string, size: number, maxBytes: number): CodemodeError {
  const message = `${JSON.stringify(name)} is ${size} bytes; at most ${maxBytes} are loaded at once. Load it in ranges: artifacts.load(name, { start: 0, end: ${maxBytes} }), then from there on.`;
  return new CodemodeError("STORAGE_LIMIT", message, { details: { size, maxBytes } });
}

async function noSuchName(store: Store, name: string): Promise<CodemodeError> {
  const { entries } = await store.list({ prefix: artifactKeys.heads, limit: 1_000 });
  // All of its versions may be gone while the next clean-up has not come by.
  const names = entries
    .map(({ key }) => artifactKeys.nameOfHead(key))
    .filter((other) => other !== name);
  const [best] = nearestNames(name, names);
  const hint = best === undefined ? whatThereIs(names) : `Did you mean ${JSON.stringify(best)}?`;
  const message = `There is no artifact ${JSON.stringify(name)}. ${hint}`;
  return new CodemodeError("ARTIFACT_NOT_FOUND", message);
}

/** Names, not a call that lists them: programs, models and people each have their own. */
function whatThereIs(names: readonly string[]): string {
  if (names.length === 0) return "There are no artifacts yet.";
  const some = names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 100)));
  return `There ${names.length === 1 ? "is" : "are"} ${some.join(", ")}${names.length > some.length ? ", ..." : ""}.`;
}
