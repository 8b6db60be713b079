// Above any sum of words: who writes a name means that tool.
const WHOLE_NAME = 1_000;
const OWN_NAME = 500;

// Longer than any name: nothing to look up.
const MAX_NAME = 200;

/** The names that a text may be, or has in it as words, in the form that `createNameBonus` compares. */
export function namesIn(text: string): readonly string[] {
  const names = [foldName(text)];
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+(?:[_.:/-]+[\p{L}\p{N}]+)*/gu)) {
    if (!isIdentifierShaped(word)) continue;
    names.push(foldName(word));
    // `mcp__github__create_issue` and `tools.github.create_issue` name the same tool.
    const parts = word.split(/__|[.:/]/);
    if (parts.length > 2) names.push(foldName(parts.slice(-2).join(".")));
  }
  return names.filter((name) => name !== "");
}

/** What tools gain where a query names them, by position: with the server's name the most. */
export type NameBonus = (names: ReadonlySet<string>) => ReadonlyMap<number, number>;

/** Indexes the names of tools, or of whatever has a name of its own and a whole one. */
export function createNameBonus(
  tools: readonly { readonly name: string; readonly canonicalName: string }[],
): NameBonus {
  const byName = new Map<string, { readonly tool: number; readonly bonus: number }[]>();
  const add = (name: string, tool: number, bonus: number): void => {
    const named = byName.get(foldName(name)) ?? [];
    named.push({ tool, bonus });
    byName.set(foldName(name), named);
  };
  for (const [index, { name, canonicalName }] of tools.entries()) {
    add(name, index, OWN_NAME);
    add(canonicalName, index, WHOLE_NAME);
  }
  return (names) => {
    const gains = new Map<number, number>();
    for (const name of names) {
      for (const { tool, bonus } of byName.get(name) ?? []) {
        gains.set(tool, Math.max(bonus, gains.get(tool) ?? 0));
      }
    }
    return gains;
  };
}

/** Whether a hit's score says that the query named it. */
export function isNamed(score: number): boolean {
  return score >= OWN_NAME;
}

/** Not a word of plain language: `read_file`, `readFile`, `files.read`. */
function isIdentifierShaped(word: string): boolean {
  return /[_.:/-]/.test(word) || /\p{Ll}\p{Lu}/u.test(word);
}

/** Case and separators are spelling: `github.create_issue` is `githubCreateIssue`. */
function foldName(name: string): string {
  if (name.length > MAX_NAME) return "";
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}
