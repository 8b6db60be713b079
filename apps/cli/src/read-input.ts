import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { CodemodeError } from "@codemode/core";

/** All of standard input. */
export function readStdin(): Promise<string> {
  return text(process.stdin);
}

/** A file's text, or standard input for `-`. */
export async function readSource(file: string): Promise<string> {
  if (file === "-") return readStdin();
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const message = `The program ${JSON.stringify(file)} cannot be read. Correct the path, or give the program with -c.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message, { cause: error });
  }
}

/** JSON a user typed. */
export function parseJson(input: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(input);
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodemodeError("INVALID_ARGUMENTS", `${what} is no JSON: ${reason}.`, {
      cause: error,
    });
  }
}
