import { CodemodeError } from "@codemode/core";

// With the folder before it and the number after it a key of the store, which holds 512 bytes.
const MAX_NAME_BYTES = 460;

// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Throws `STORAGE_KEY_INVALID` for what no artifact can be called. */
export function checkArtifactName(name: unknown): asserts name is string {
  const problem = typeof name === "string" ? nameProblem(name) : "is not text";
  if (problem === undefined) return;
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 80)) : typeof name;
  const message = `The artifact's name ${shown} ${problem}. Name it like a file, for example "report.json".`;
  throw new CodemodeError("STORAGE_KEY_INVALID", message);
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (!name.isWellFormed()) return "is not well-formed text";
  if (CONTROL.test(name)) return "has control characters in it";
  const bytes = Buffer.byteLength(name);
  return bytes > MAX_NAME_BYTES ? `is ${bytes} bytes long, over ${MAX_NAME_BYTES}` : undefined;
}
