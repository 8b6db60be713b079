/** Words of a text with spaces or commas between, or of a list. `undefined` for anything else. */
export function readNames(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return unique(splitNames(value));
  if (!Array.isArray(value)) return undefined;
  const names = value.filter((one) => typeof one === "string" || typeof one === "number");
  return names.length === value.length ? unique(names.map((one) => String(one).trim())) : undefined;
}

/** Parentheses hold together: `Bash(git log) Read` is two. */
function splitNames(text: string): readonly string[] {
  return text.match(/(?:\([^()]*\)|[^\s,()])+/g) ?? [];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== "");
}
