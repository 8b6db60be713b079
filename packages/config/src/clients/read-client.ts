import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { Diagnostic } from "@codemode/core";
import { isRecord } from "@codemode/core";

import type { ConfigDocument } from "../config-document.ts";
import { parseConfigDocument, placeText, problemText } from "../config-document.ts";
import type { ClientFile, ClientName, ClientPlaces } from "./client-files.ts";
import { clientFiles } from "./client-files.ts";
import type { Folders, TextContext } from "./client-text.ts";
import { placesToFolders } from "./client-text.ts";
import { isOwnServer } from "./is-own-server.ts";
import type { OwnEntry } from "./own-entry.ts";
import { toOwnEntry } from "./own-entry.ts";
import { readRefusals } from "./refused-servers.ts";
import { parseToml } from "./toml-document.ts";

/** A server that a client knows. */
export interface ClientServer {
  readonly name: string;
  readonly client: ClientName;
  /** The file it stands in, as people call it. */
  readonly file: string;
  readonly line: number | undefined;
  /** In our keys, its variables in our syntax and not filled in. */
  readonly entry: OwnEntry;
  /** What a person is asked for by the client: variables that have to be set here. */
  readonly inputs: readonly string[];
}

/** What a client's files gave. */
export interface ClientServers {
  readonly servers: readonly ClientServer[];
  /** The files that are there. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a client's files. One that is not there is fine; a broken one is one diagnostic. */
export async function readClient(
  client: ClientName,
  places: ClientPlaces,
  folders: Folders = placesToFolders(places),
): Promise<ClientServers> {
  const files = clientFiles(client, places);
  const texts = new Map(
    await Promise.all(
      [...new Set(files.map(({ path }) => path))].map(
        async (path) => [path, await readOptional(path)] as const,
      ),
    ),
  );
  const found = new Map<string, ClientServer>();
  const diagnostics = new Map<string, Diagnostic>();
  const there = new Set<string>();
  const isRefused = client === "claude-code" ? await readRefusals(places) : () => false;
  for (const file of files) {
    const text = texts.get(file.path);
    if (text === undefined) continue;
    there.add(file.label);
    const read =
      typeof text === "string"
        ? readServers(text, file, { client, places, folders })
        : { servers: [], diagnostics: [unreadable(file, text.code)] };
    // The same name in a file that comes first wins, and with it what is told of it.
    for (const server of read.servers)
      if (!found.has(server.name) && !isRefused(server.name, file)) found.set(server.name, server);
    for (const told of read.diagnostics) diagnostics.set(told.message, told);
  }
  return {
    servers: [...found.values()],
    files: [...there],
    diagnostics: [...diagnostics.values()],
  };
}

async function readOptional(path: string): Promise<string | { readonly code: string } | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : { code };
  }
}

function unreadable({ label }: ClientFile, code: string): Diagnostic {
  return {
    code: "IMPORT_FAILED",
    message: `${label} cannot be read (${code}), so none of its servers is imported.`,
  };
}

/** Parses a client's file: TOML or JSON with comments, by its name. */
export function parseClientFile(text: string, path: string): ConfigDocument {
  return path.endsWith(".toml") ? parseToml(text) : parseConfigDocument(text, path);
}

/** Whose files are read, and from where. */
interface Reading {
  readonly client: ClientName;
  readonly places: ClientPlaces;
  readonly folders: Folders;
}

function readServers(
  text: string,
  file: ClientFile,
  reading: Reading,
): Pick<ClientServers, "servers" | "diagnostics"> {
  const { client } = reading;
  const document = parseClientFile(text, file.path);
  const [problem] = document.problems;
  if (problem) {
    const said = `${problemText(file.label, problem)}. None of its servers is imported.`;
    return { servers: [], diagnostics: [{ code: "IMPORT_FAILED", message: said }] };
  }
  const servers: ClientServer[] = [];
  const diagnostics: Diagnostic[] = [];
  if (!isRecord(document.value)) diagnostics.push(malformed(file.label, "it is no object"));
  const inputDefaults = inputDefaultsOf(document.value);
  for (const section of file.sections) {
    const given = valueAt(document.value, section);
    if (given !== undefined && !isRecord(given))
      diagnostics.push(malformed(file.label, `"${section.at(-1)}" is no object`));
    for (const [name, entry] of Object.entries(isRecord(given) ? given : {})) {
      const line = document.lineOf([...section, name]);
      const place = { name, file: file.label, line, client };
      const read = readServer(entry, place, { ...reading, inputDefaults });
      if (read.server && isWanted(name, document.value, client)) servers.push(read.server);
      diagnostics.push(...read.diagnostics);
    }
  }
  return { servers, diagnostics };
}

function readServer(
  entry: unknown,
  place: Omit<ClientServer, "entry" | "inputs">,
  { places, folders, inputDefaults }: Reading & Pick<TextContext, "inputDefaults">,
): { readonly server?: ClientServer; readonly diagnostics: readonly Diagnostic[] } {
  if (!isRecord(entry)) return { diagnostics: [skipped(place, "it is no object")] };
  if (entry["disabled"] === true || entry["enabled"] === false) return { diagnostics: [] };
  const inputs = new Set<string>();
  const unknown = new Set<string>();
  const context: TextContext = {
    ...places,
    folders,
    inputDefaults,
    client: place.client,
    readFile: (path) => readNamedFile(path, places),
    onInput: (variable) => inputs.add(variable),
    onUnknown: (variable) => unknown.add(variable),
  };
  const { entry: own, ignored, problem } = toOwnEntry(entry, context);
  if (problem !== undefined) return { diagnostics: [skipped(place, problem)] };
  if (unknown.size > 0) {
    const why = `its client alone knows what ${[...unknown].join(", ")} is; write the server into "mcpServers"`;
    return { diagnostics: [skipped(place, why)] };
  }
  if (isOwnServer(own)) return { diagnostics: [] };
  const diagnostics = ignored.map((key) => ({
    code: "KEY_IGNORED",
    message: `${placeText(place.file, place.line)}: "${key}" of server "${place.name}" has no effect here.`,
  }));
  return { server: { ...place, entry: own, inputs: [...inputs] }, diagnostics };
}

/** Says that a server of a client's file is not there. */
export function skipped(
  place: Pick<ClientServer, "name" | "file" | "line">,
  reason: string,
): Diagnostic {
  const message = `${placeText(place.file, place.line)}: server "${place.name}" is not imported: ${reason}.`;
  return { code: "IMPORT_SKIPPED", message };
}

/** VS Code's questions stand beside its servers. */
function inputDefaultsOf(document: unknown): ReadonlyMap<string, string> {
  const inputs = valueAt(document, ["inputs"]);
  const entries = (Array.isArray(inputs) ? inputs : []).flatMap((input: unknown) => {
    if (!isRecord(input)) return [];
    const { id, default: value } = input;
    // A default of ours cannot hold what ends it.
    const isUsable = typeof value === "string" && value !== "" && !/[{}$]/.test(value);
    return typeof id === "string" && isUsable ? [[id, value] as const] : [];
  });
  return new Map(entries);
}

/** Gemini's settings may name the servers that are allowed and those that are not. */
function isWanted(name: string, settings: unknown, client: ClientName): boolean {
  if (client !== "gemini") return true;
  const mcp = valueAt(settings, ["mcp"]);
  const { allowed, excluded } = isRecord(mcp) ? mcp : {};
  if (Array.isArray(excluded) && excluded.includes(name)) return false;
  return !Array.isArray(allowed) || allowed.includes(name);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) at = isRecord(at) ? at[key] : undefined;
  return at;
}

function malformed(file: string, what: string): Diagnostic {
  return {
    code: "IMPORT_FAILED",
    message: `${file}: ${what}, so there is no server to import. Correct it.`,
  };
}

/** A file that an entry names, from the project's folder or home. */
function readNamedFile(path: string, { cwd, home }: ClientPlaces): string | undefined {
  try {
    const from = path.startsWith("~/") ? join(home, path.slice(2)) : resolve(cwd, path);
    return readFileSync(from, "utf8");
  } catch {
    // The same as one that has nothing in it.
    return undefined;
  }
}
