import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** Where a command is looked for. */
export interface CommandPlace {
  /** Where relative paths start. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a command's name leads to: an executable file, or why there is none. */
export type FoundCommand =
  | { readonly file: string }
  | { readonly file?: never; readonly reason: "ENOENT" | "EACCES" };

/** Looks for a command as a shell would, without one: by its path, or in the folders of `PATH`. */
export async function findCommand(
  command: string,
  { folder, env }: CommandPlace,
): Promise<FoundCommand> {
  let reason: "ENOENT" | "EACCES" = "ENOENT";
  for (const file of candidates(command, folder, env)) {
    // oxlint-disable-next-line no-await-in-loop -- the first of the folders wins
    const state = await stateOf(file);
    if (state === "executable") return { file };
    if (state === "other") reason = "EACCES";
  }
  return { reason };
}

function candidates(
  command: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const isPath = isAbsolute(command) || /[\\/]/.test(command);
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
  // An empty entry would mean the current folder, where anybody may have put anything.
  const folders = path.split(delimiter).filter((entry) => isAbsolute(entry));
  const files = isPath ? [resolve(folder, command)] : folders.map((entry) => join(entry, command));
  if (process.platform !== "win32") return files;
  // Batch files need a shell, so they are none that we can run.
  return files.flatMap((file) =>
    /\.(exe|com)$/i.test(file) ? [file] : [`${file}.exe`, `${file}.com`],
  );
}

async function stateOf(file: string): Promise<"executable" | "other" | "absent"> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return "absent";
    await access(file, constants.X_OK);
    return "executable";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EACCES"
      ? "other"
      : "absent";
  }
}

/** Whether there is such a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whatever keeps us from looking keeps the command from running there.
    return false;
  }
}
