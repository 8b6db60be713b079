import type { ArtifactEntry, ArtifactMatch } from "./artifact.ts";

const NAME_WEIGHT = 3;
const DESCRIPTION_WEIGHT = 2;
const METADATA_WEIGHT = 1;
/** A word found inside a longer one counts for less than the word itself. */
const PART_OF_WORD = 0.5;

/** Entries in which words of `query` are; in a name they count for more than in a description. */
export function searchEntries(
  query: string,
  entries: readonly ArtifactEntry[],
): readonly ArtifactMatch[] {
  const wanted = [...new Set(wordsOf(query))];
  if (wanted.length === 0) return [];
  const matches: ArtifactMatch[] = [];
  for (const entry of entries) {
    const score = scoreOf(wanted, entry);
    if (score > 0) matches.push({ ...entry, score });
  }
  return matches;
}

/** The best first; those of one score by name. */
export function bestOf(matches: readonly ArtifactMatch[], limit: number): readonly ArtifactMatch[] {
  const sorted = matches.toSorted(
    (one, other) => other.score - one.score || compare(one.name, other.name),
  );
  return sorted.slice(0, limit);
}

function scoreOf(wanted: readonly string[], entry: ArtifactEntry): number {
  const { name, description, metadata } = entry;
  const fields = [
    { weight: NAME_WEIGHT, words: wordsOf(name) },
    { weight: DESCRIPTION_WEIGHT, words: wordsOf(description) },
    { weight: METADATA_WEIGHT, words: wordsOf(JSON.stringify(metadata)) },
  ];
  let sum = 0;
  for (const word of wanted) {
    let best = 0;
    for (const { weight, words } of fields) best = Math.max(best, weight * found(word, words));
    sum += best;
  }
  // Of at most one: every word in the name.
  return sum / (wanted.length * NAME_WEIGHT);
}

function found(word: string, words: readonly string[]): number {
  if (words.includes(word)) return 1;
  return words.some((other) => other.includes(word)) ? PART_OF_WORD : 0;
}

/** Also of `camelCase` and `snake_case`. */
function wordsOf(text: string): readonly string[] {
  const parted = text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  return parted.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
