import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { CodemodeError } from "@codemode/core";

/** All of standard input. */
export function readStdin(): Promise<string> {
  return text(process.stdin);
}

/**
 * Standard input line by line, as it comes; empty lines are left out. Line feeds alone end a line:
 * U+2028 may stand inside JSON.
 */
export async function* readStdinLines(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const begun: string[] = [];
  for await (const bytes of process.stdin) {
    const [first = "", ...others] = decoder.decode(bytes, { stream: true }).split("\n");
    begun.push(first);
    if (others.length === 0) continue;
    const last = others.pop() ?? "";
    for (const line of [begun.join(""), ...others]) if (line.trim() !== "") yield line;
    begun.length = 0;
    begun.push(last);
  }
  const line = begun.join("") + decoder.decode();
  if (line.trim() !== "") yield line;
}

/** A file's text, or standard input for `-`. `what` is what messages call the file. */
export async function readSource(file: string, what = "program"): Promise<string> {
  if (file === "-") return readStdin();
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const message = `The ${what} ${JSON.stringify(file)} cannot be read: it ${whyNot(error)}. Correct the path${what === "program" ? ", or give the program with -c" : ""}.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message, { cause: error });
  }
}

function whyNot(error: unknown): string {
  const code: unknown = Object(error).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "is not there";
  if (code === "EISDIR") return "is a folder";
  return code === "EACCES" ? "may not be read" : `fails (${String(code)})`;
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
