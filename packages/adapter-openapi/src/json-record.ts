import { isRecord } from "@codemode/core";

/** An object of a document that nobody has checked yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The object at `key`, or an empty one. Never what an object inherits. */
export function recordAt(value: JsonRecord, key: string): JsonRecord {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

/** The list at `key`, or an empty one. */
export function listAt(value: JsonRecord, key: string): readonly unknown[] {
  const found = value[key];
  return Array.isArray(found) ? found : [];
}

/** The text at `key`, where it is one and not empty. */
export function textAt(value: JsonRecord, key: string): string | undefined {
  const found = value[key];
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
}
