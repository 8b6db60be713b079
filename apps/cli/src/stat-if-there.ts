import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";

import { CodemodeError } from "@codemode/core";

/** What stands at a path; nothing where there is nothing. `INVALID_ARGUMENTS` where the system refuses to say. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const message = `${JSON.stringify(path)} cannot be looked at: ${code}. Check its permissions.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message, { cause: error });
  }
}
