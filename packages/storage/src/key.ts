import { CodemodeError } from "@codemode/core";

const NAMESPACE = /^[a-z0-9-]{1,64}$/u;
const MAX_KEY_BYTES = 512;

/** Throws `STORAGE_KEY_INVALID` for a namespace that no store can have. */
export function checkNamespace(namespace: string): void {
  if (NAMESPACE.test(namespace)) return;
  throw new CodemodeError(
    "STORAGE_KEY_INVALID",
    `The namespace ${quote(namespace)} is refused. Use 1 to 64 lower-case letters, digits and hyphens.`,
  );
}

/** Throws `STORAGE_KEY_INVALID` for a key that no value can have. */
export function checkKey(key: string): void {
  const problem = keyProblem(key);
  if (problem === undefined) return;
  throw new CodemodeError(
    "STORAGE_KEY_INVALID",
    `The key ${quote(key)} ${problem}. Use 1 to ${MAX_KEY_BYTES} bytes of text without control characters.`,
  );
}

function keyProblem(key: string): string | undefined {
  if (key === "") return "is empty";
  if (!key.isWellFormed()) return "is no well-formed Unicode";
  if (/\p{Cc}/u.test(key)) return "has a control character";
  return Buffer.byteLength(key) > MAX_KEY_BYTES ? "is too long" : undefined;
}

/** A name as a message may show it: short, on one line, without terminal escapes. */
function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}

/** The order of the keys' UTF-8 bytes, which is not that of JavaScript's strings above U+D7FF. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const unitOfA = a.charCodeAt(index);
    const unitOfB = b.charCodeAt(index);
    if (unitOfA !== unitOfB) return toRank(unitOfA) - toRank(unitOfB);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points beyond all that fit in one unit. */
function toRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}
