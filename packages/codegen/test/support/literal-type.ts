/** The type that has this JSON value as its only one, on one line. */
export function literalType(value: unknown): string {
  if (typeof value === "string") return literalText(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "number";
  if (Array.isArray(value)) return `[${value.map(literalType).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${literalText(name)}: ${literalType(member)}`,
  );
  return `{ ${members.join("; ")} }`;
}

function literalText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u2028\u2029]/g,
    (separator) => `\\u${separator.charCodeAt(0).toString(16)}`,
  );
}
