import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";

/** A tool file as it lies there. */
export interface ToolFileText {
  /** Its whole path: what makes it the same file as before. */
  readonly path: string;
  /** As people read it: from the config file's folder. */
  readonly file: string;
  /** Its name without the ending. */
  readonly base: string;
  /** Absent where it cannot be read. */
  readonly text: string | undefined;
  readonly reason?: string;
}

// More is a folder of something else.
const MAX_FILES = 1_000;
const MAX_BYTES = 1_000_000;

/** All YAML files of a folder, sorted by name; nothing where there is no such folder. */
export async function readToolFolder(
  folder: string,
  baseFolder: string,
): Promise<readonly ToolFileText[]> {
  const names = await namesIn(folder);
  const files = names.filter((name) => /^[^.].*\.ya?ml$/i.test(name)).toSorted();
  const read = files.slice(0, MAX_FILES).map((name) => readToolFile(folder, name, baseFolder));
  if (files.length > MAX_FILES) read.push(Promise.resolve(tooMany(folder, files.length)));
  return Promise.all(read);
}

function tooMany(folder: string, count: number): ToolFileText {
  const file = basename(folder);
  const reason = `holds ${count} YAML files, of which the first ${MAX_FILES} are read; name a folder of tool files alone`;
  return { path: folder, file, base: file, text: undefined, reason };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Not there, or not for us to read: then it has no tools. Whoever named it is told so at the start.
    return [];
  }
}

async function readToolFile(
  folder: string,
  name: string,
  baseFolder: string,
): Promise<ToolFileText> {
  const path = join(folder, name);
  const shown = relative(baseFolder, path).split(sep).join("/");
  const file = shown.startsWith("..") ? `${basename(folder)}/${name}` : shown;
  const base = name.replace(/\.ya?ml$/i, "");
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      return { path, file, base, text: undefined, reason: `is over ${MAX_BYTES} bytes long` };
    const text = await readFile(path, "utf8");
    // Editors of some systems begin a file with a byte order mark.
    return { path, file, base, text: text.replace(/^\uFEFF/, "") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return { path, file, base, text: undefined, reason: `cannot be read (${code})` };
  }
}
