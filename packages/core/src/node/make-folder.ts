import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Options for `makeFolder`. */
export interface MakeFolderOptions {
  /** Of each folder that is made. Default what Node has. */
  readonly mode?: number;
}

/**
 * Makes a folder and those above it, and gives the topmost one that was made. In place of Node's
 * `recursive`, which never ends where a folder takes none into it (`/proc`), and which says of a
 * disk that can only be read that something is missing.
 */
export async function makeFolder(
  path: string,
  options: MakeFolderOptions = {},
): Promise<string | undefined> {
  const above = dirname(path);
  const outcome = await makeOne(path, options).catch((error: unknown) => {
    if (Object(error).code === "ENOENT" && above !== path) return "above first";
    throw error;
  });
  if (outcome !== "above first") return outcome === "made" ? path : undefined;
  const first = await makeFolder(above, options);
  const last = await makeOne(path, options);
  return first ?? (last === "made" ? path : undefined);
}

async function makeOne(path: string, options: MakeFolderOptions): Promise<"made" | "there"> {
  try {
    await mkdir(path, options);
    return "made";
  } catch (error) {
    // Somebody else may have made it at the same time.
    if (await isFolder(path)) return "there";
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
