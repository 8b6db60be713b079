import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { CodemodeError, isRecord } from "@codemode/core";

import { problemText } from "../config-document.ts";
import type { ClientFile, ClientName, ClientPlaces } from "./client-files.ts";
import { clientFiles, placesOf } from "./client-files.ts";
import { setInJsonc } from "./edit-jsonc.ts";
import { setInToml } from "./edit-toml.ts";
import { parseClientFile } from "./read-client.ts";
import { replaceFile } from "./write-file.ts";

/** Which server goes into which client's file. */
export interface InstallOptions {
  readonly client: ClientName;
  /** How the client starts it. */
  readonly command: string;
  readonly args: readonly string[];
  /** Its name there. Default `codemode`. */
  readonly name?: string | undefined;
  /** The file of the project, or the user's own. Default `user`. */
  readonly scope?: ClientFile["scope"] | undefined;
  /** Only says what would be written. Default `false`. */
  readonly dryRun?: boolean | undefined;
  /** Default: the process's folder. */
  readonly cwd?: string | undefined;
  /** Default: the process's variables. */
  readonly env?: ClientPlaces["env"];
}

/** What an installation did. */
export interface InstallOutcome {
  /** The client's file, as people call it. */
  readonly file: string;
  readonly change: "created" | "added" | "updated" | "none";
  /** The file as it was, where there was one and it was changed. */
  readonly backup?: string;
  /** What stands in the file for the server. */
  readonly entry: Readonly<Record<string, unknown>>;
}

const BACKUP = ".codemode-backup";

/**
 * Writes a server into a client's own file; all else in it stays, and the file as it was is kept beside
 * it. Rejects with `CONFIG_INVALID` where the file is broken or cannot be written.
 */
export async function installInto(options: InstallOptions): Promise<InstallOutcome> {
  const { client, name = "codemode", dryRun = false } = options;
  const places = placesOf(options.cwd, options.env);
  const { file, text } = await findFile(client, places, options.scope ?? "user");
  const path = [...(file.sections[0] ?? []), name];
  const keys = toClientEntry(options);
  const present = text === undefined ? undefined : entryAt(text, file, path);
  const entry = { ...present, ...keys };
  if (present && isDeepStrictEqual(entry, { ...present }))
    return { file: file.label, change: "none", entry };

  const changed = setEntry(text ?? "", { file, path }, { keys, present });
  if (!dryRun) {
    if (text !== undefined) await replaceFile(file.path + BACKUP, text, file.label + BACKUP);
    await replaceFile(file.path, changed, file.label);
  }
  const change = present ? "updated" : "added";
  return text === undefined
    ? { file: file.label, change: "created", entry }
    : { file: file.label, change, backup: file.label + BACKUP, entry };
}

/** In the client's own words. */
function toClientEntry({
  client,
  command,
  args,
}: InstallOptions): Readonly<Record<string, unknown>> {
  if (client === "opencode") return { type: "local", command: [command, ...args], enabled: true };
  const typed = client === "vscode" || client === "claude-code" ? { type: "stdio" } : {};
  return { ...typed, command, args: [...args] };
}

/** The file that the client reads first, in whichever spelling it is there. */
async function findFile(
  client: ClientName,
  places: ClientPlaces,
  scope: ClientFile["scope"],
): Promise<{ readonly file: ClientFile; readonly text: string | undefined }> {
  const files = clientFiles(client, places).filter(
    (file) => file.scope === scope && file.sections[0]?.[0] !== "projects",
  );
  const [first] = files;
  if (!first) {
    const message = `${client} has no file for a ${scope}. Leave "--project" away.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  const spellings = files.filter(({ path }) => dirname(path) === dirname(first.path));
  const texts = await Promise.all(spellings.map(readText));
  const there = texts.findIndex((text) => text !== undefined);
  const plain = spellings.find(({ path }) => !path.endsWith(".jsonc")) ?? first;
  return { file: spellings[there] ?? plain, text: texts[there] };
}

async function readText({ path, label }: ClientFile): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CodemodeError("CONFIG_INVALID", `${label} cannot be read (${code}).`, {
      cause: error,
    });
  }
}

function entryAt(
  text: string,
  { label, path: filePath }: ClientFile,
  path: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const { problems, value } = parseClientFile(text, filePath);
  const [problem] = problems;
  if (problem) {
    const message = `${problemText(label, problem)}. Correct it, then install again; it was left as it is.`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  let at: unknown = value;
  for (const key of path) at = isRecord(at) ? at[key] : undefined;
  return isRecord(at) ? at : undefined;
}

interface EntryPlace {
  readonly file: ClientFile;
  readonly path: readonly string[];
}

interface EntryChange {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly present: Readonly<Record<string, unknown>> | undefined;
}

function setEntry(
  text: string,
  { file, path }: EntryPlace,
  { keys, present }: EntryChange,
): string {
  if (file.path.endsWith(".toml")) {
    const changed = setInToml(text, path, keys);
    if (changed !== undefined) return changed;
    const message = `${file.label} has ${path.join(".")} in a form that is not edited here. Take it out, then install again; it was left as it is.`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  if (!present) return setInJsonc(text, [...path], keys);
  // Key by key, so that what else stands in the entry stays, with its comments.
  return Object.entries(keys).reduce(
    (edited, [key, value]) =>
      isDeepStrictEqual(present[key], value) ? edited : setInJsonc(edited, [...path, key], value),
    text,
  );
}
