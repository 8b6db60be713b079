import { join } from "node:path";

import type { Diagnostic } from "@codemode/core";
import { CodemodeError, isRecord } from "@codemode/core";
import { isMap, parseDocument } from "yaml";

import { parseConfigDocument, problemText } from "../config-document.ts";
import { findConfigFile } from "../find-config-file.ts";
import type { ClientName, ClientPlaces } from "./client-files.ts";
import { placesOf } from "./client-files.ts";
import { placesToSharedFolders } from "./client-text.ts";
import { setInJsonc } from "./edit-jsonc.ts";
import type { OwnEntry } from "./own-entry.ts";
import { readClient } from "./read-client.ts";
import type { SecretReference } from "./secret-references.ts";
import { createVariableNames, toReferences } from "./secret-references.ts";
import { replaceFile } from "./write-file.ts";

/** Which servers go where. */
export interface ImportOptions {
  readonly client: ClientName;
  /** Default: the process's folder. */
  readonly cwd?: string | undefined;
  /** Default: as `loadConfig` finds it, or a new `codemode.config.jsonc`. */
  readonly configPath?: string | undefined;
  /** Only says what would be written. Default `false`. */
  readonly dryRun?: boolean | undefined;
  /** Default: the process's variables. */
  readonly env?: ClientPlaces["env"];
}

/** What an import did. */
export interface ImportOutcome {
  /** Name of the config file. */
  readonly config: string;
  /** The client's files that were read. */
  readonly files: readonly string[];
  readonly written: readonly string[];
  /** Names that the config has already. */
  readonly kept: readonly string[];
  /** Secrets that were left out of the file: each variable has to be set. */
  readonly secrets: readonly (SecretReference & { readonly server: string })[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes a client's servers into the config, variables in the place of secrets. Rejects with `CONFIG_INVALID`. */
export async function importIntoConfig(options: ImportOptions): Promise<ImportOutcome> {
  const { client, dryRun = false } = options;
  const places = placesOf(options.cwd, options.env);
  const target = await readTarget(places, options.configPath);
  const read = await readClient(client, places, placesToSharedFolders(places));
  const names = createVariableNames();
  const entries = new Map<string, OwnEntry>();
  const secrets: (SecretReference & { readonly server: string })[] = [];
  for (const { name, entry } of read.servers) {
    if (target.names.has(name)) continue;
    const referred = toReferences(name, entry, names);
    entries.set(name, referred.entry);
    for (const { key, variable } of referred.secrets) secrets.push({ server: name, key, variable });
  }
  if (!dryRun && entries.size > 0)
    await replaceFile(target.path, addServers(target, entries), target.file);
  return {
    config: target.file,
    files: read.files,
    written: [...entries.keys()],
    kept: read.servers.map(({ name }) => name).filter((name) => target.names.has(name)),
    secrets,
    diagnostics: read.diagnostics,
  };
}

interface Target {
  readonly path: string;
  readonly file: string;
  readonly text: string;
  /** Of the servers that are there. */
  readonly names: ReadonlySet<string>;
}

const NEW_FILE = "codemode.config.jsonc";

async function readTarget(
  { cwd, env }: ClientPlaces,
  configPath: string | undefined,
): Promise<Target> {
  const found = await findConfigFile(cwd, configPath ?? env["CODEMODE_CONFIG"]);
  if (!found) return { path: join(cwd, NEW_FILE), file: NEW_FILE, text: "{}\n", names: new Set() };
  const { file, folder, text } = found;
  const { problems, value } = parseConfigDocument(text, file);
  const [problem] = problems;
  if (problem) {
    const message = `${problemText(file, problem)}. Correct it, then import again.`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  const servers = isRecord(value) ? value["mcpServers"] : undefined;
  const names = new Set(Object.keys(isRecord(servers) ? servers : {}));
  return { path: join(folder, file), file, text, names };
}

function addServers({ file, text }: Target, entries: ReadonlyMap<string, OwnEntry>): string {
  if (!/\.ya?ml$/i.test(file)) {
    let changed = text;
    for (const [name, entry] of entries) changed = setInJsonc(changed, ["mcpServers", name], entry);
    return changed;
  }
  const document = parseDocument(text, { merge: false });
  if (!isMap(document.get("mcpServers"))) document.set("mcpServers", document.createNode({}));
  for (const [name, entry] of entries)
    document.setIn(["mcpServers", name], document.createNode(entry));
  return document.toString();
}
