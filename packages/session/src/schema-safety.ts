import type { JsonSchema } from "@codemode/core";
import isSafeRegex from "safe-regex2";

// A tool's whole schema is a few hundred places; what unfolds to more is an attack on the checker.
const MAX_PLACES = 20_000;
const MAX_DEPTH = 100;
const MAX_PATTERN_LENGTH = 1_000;

/** Whether checking against an untrusted schema ends soon: it is finite, and so are its references unfolded. */
export function isCheckable(schema: JsonSchema): boolean {
  const root: unknown = schema;
  let places = 0;
  const visit = (node: unknown, depth: number, references: readonly string[]): boolean => {
    places += 1;
    if (places > MAX_PLACES || depth > MAX_DEPTH) return false;
    if (Array.isArray(node)) return node.every((item) => visit(item, depth + 1, references));
    if (typeof node !== "object" || node === null) return true;
    return Object.entries(node).every(([key, value]) => {
      if (key !== "$ref" || typeof value !== "string") return visit(value, depth + 1, references);
      // Recursion through data ends with the data; it is counted once.
      if (references.includes(value)) return value !== "#" || references.length > 1;
      return visit(resolve(root, value), depth + 1, [...references, value]);
    });
  };
  return visit(root, 0, ["#"]);
}

/** The schema without the patterns whose matching can take exponential time. */
export function withoutSlowPatterns(schema: JsonSchema): JsonSchema {
  const strip = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(strip);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node)
        .filter(([key, value]) => key !== "pattern" || typeof value !== "string" || isFast(value))
        .map(([key, value]) => [
          key,
          key === "patternProperties" ? fastPatterns(value, strip) : strip(value),
        ]),
    );
  };
  const stripped: unknown = strip(schema);
  return typeof stripped === "object" && stripped !== null ? { ...stripped } : schema;
}

function fastPatterns(value: unknown, strip: (node: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([pattern]) => isFast(pattern))
      .map(([pattern, node]) => [pattern, strip(node)]),
  );
}

function isFast(pattern: string): boolean {
  return pattern.length <= MAX_PATTERN_LENGTH && isSafeRegex(pattern);
}

function resolve(root: unknown, reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  let node: unknown = root;
  for (const part of reference.slice(2).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    node = Object.entries(node).find(([name]) => name === key)?.[1];
  }
  return node;
}
