import type { ToolAdapter, ToolRegistry } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";

import { parseToolFile } from "./parse-tool-file.ts";
import { brokenAdapter, problemsError, toolFileAdapter } from "./tool-file-adapter.ts";
import type { ToolFileText } from "./tool-folders.ts";
import { readToolFolder } from "./tool-folders.ts";
import { watchFolder } from "./watch-folder.ts";

/** Where tool files are, and what becomes of them. */
export interface ToolFilesOptions {
  readonly registry: ToolRegistry;
  /** Whole paths. One that is not there yet is waited for. */
  readonly folders: readonly string[];
  /** Where relative paths of files start: the config file's folder. */
  readonly baseFolder: string;
  /** For `${NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables for all that is started. */
  readonly identity: Readonly<Record<string, string>>;
  /** Leaves out files without a `name`: for a folder that nobody has named. Default `false`. */
  readonly onlyNamed?: boolean;
}

/** A file that has been read, and the server it became. */
interface KnownFile {
  readonly file: ToolFileText;
  readonly server: string | undefined;
  /** Its name was taken: whether it still is has to be seen. */
  readonly isRefused: boolean;
}

interface State extends ToolFilesOptions {
  readonly known: Map<string, KnownFile>;
}

// An editor writes a file in several steps.
const SETTLE_MS = 50;

/**
 * Adds a server to the registry for each tool file, without listing its tools, and from then on keeps the
 * catalog as the files are. A file with mistakes is a server that tells them. Disposing it ends that; the
 * servers stay with the registry.
 */
export async function addToolFiles(options: ToolFilesOptions): Promise<AsyncDisposable> {
  const state: State = { ...options, known: new Map() };
  await using made = new AsyncDisposableStack();
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const readAgain = (): void => {
    timer = undefined;
    running = running.then(() => (isClosed ? undefined : update(state)));
  };
  const readSoon = (): void => {
    if (!isClosed) timer ??= setTimeout(readAgain, SETTLE_MS).unref();
  };
  made.defer(async () => {
    isClosed = true;
    clearTimeout(timer);
    await running;
  });
  const watchers = state.folders.map((folder) => watchFolder(folder, readSoon));
  for (const watcher of await Promise.all(watchers)) made.use(watcher);
  // Not beside a reading that a change has begun meanwhile.
  const first = running.then(() => readAll(state));
  running = first.catch(() => undefined);
  await first;
  const kept = made.move();
  return { [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function update(state: State): Promise<void> {
  try {
    const added = await readAll(state);
    // A server that takes its time keeps no other waiting.
    void Promise.allSettled(added.map((name) => state.registry.discover(name)));
  } catch (error) {
    // Nobody needs the files of a registry that is closed.
    if (!isCodemodeError(error, "REGISTRY_DISPOSED")) throw error;
  }
}

/** Takes over what changed since the last time. Gives the servers that are new. */
async function readAll(state: State): Promise<readonly string[]> {
  const { registry, folders, baseFolder, known } = state;
  const lists = await Promise.all(folders.map((folder) => readToolFolder(folder, baseFolder)));
  const files = new Map(lists.flat().map((file) => [file.path, file]));
  for (const [path, before] of known) {
    const now = files.get(path);
    if (now && isSame(before, now)) continue;
    known.delete(path);
    if (before.server !== undefined) remove(registry, before.server);
  }
  const added: string[] = [];
  for (const file of files.values()) {
    if (known.has(file.path)) continue;
    // oxlint-disable-next-line no-await-in-loop -- of two files with one name, the first has it
    const entry = await add(state, file);
    known.set(file.path, entry);
    if (entry.server !== undefined) added.push(entry.server);
  }
  return added;
}

function isSame({ file, isRefused }: KnownFile, now: ToolFileText): boolean {
  return !isRefused && file.text === now.text && file.reason === now.reason;
}

/** Forgets a server at once; that it ends may take a while. */
function remove(registry: ToolRegistry, server: string): void {
  // It is gone from the catalog, by us or by somebody else; how its process ended is nobody's concern.
  registry.removeAdapter(server).catch(() => undefined);
}

async function add(state: State, file: ToolFileText): Promise<KnownFile> {
  const { registry } = state;
  const adapter = await toAdapter(state, file);
  if (!adapter) return { file, server: undefined, isRefused: false };
  const { name } = adapter;
  if (tryAdd(registry, adapter)) return { file, server: name, isRefused: false };
  const message = `is "${name}", and there is a server of that name already; rename one`;
  const error = problemsError(file.file, [{ line: undefined, key: "name", message }]);
  const isTold = tryAdd(registry, brokenAdapter(file.file, error));
  return { file, server: isTold ? file.file : undefined, isRefused: true };
}

function tryAdd(registry: ToolRegistry, adapter: ToolAdapter): boolean {
  try {
    registry.addAdapter(adapter);
    return true;
  } catch (error) {
    if (isCodemodeError(error, "SERVER_DUPLICATE")) return false;
    throw error;
  }
}

async function toAdapter(
  { baseFolder, env, identity, onlyNamed = false }: State,
  { file, base, text, reason = "cannot be read" }: ToolFileText,
): Promise<ToolAdapter | undefined> {
  if (text === undefined) {
    return brokenAdapter(
      base,
      problemsError(file, [{ line: undefined, key: "", message: reason }]),
    );
  }
  if (onlyNamed && !/^["']?name["']?\s*:/m.test(text)) return undefined;
  const parsed = parseToolFile(text, { fallbackName: base, env });
  return toolFileAdapter(parsed, { file, folder: baseFolder, identity });
}
