/** A known word that looks like an unknown one. */
export interface NearWord {
  readonly word: string;
  /** Dice coefficient of the trigrams, 0 to 1. */
  readonly similarity: number;
}

const MIN_SIMILARITY = 0.55;
const MAX_NEAR = 3;
const MAX_LENGTH_DIFFERENCE = 4;

/** Finds the known words most alike, for misspellings. The trigrams of all known words are kept. */
export function createNearWords(
  vocabulary: Iterable<string>,
): (token: string) => readonly NearWord[] {
  const words = [...vocabulary];
  const sizes: number[] = [];
  const byTrigram = new Map<string, number[]>();
  for (const [index, word] of words.entries()) {
    const parts = trigrams(word);
    sizes.push(parts.size);
    for (const part of parts) {
      const having = byTrigram.get(part);
      if (having) having.push(index);
      else byTrigram.set(part, [index]);
    }
  }
  return (token) => {
    const wanted = trigrams(token);
    const shared = new Map<number, number>();
    for (const part of wanted) {
      for (const index of byTrigram.get(part) ?? []) {
        shared.set(index, (shared.get(index) ?? 0) + 1);
      }
    }
    const near: NearWord[] = [];
    for (const [index, count] of shared) {
      const word = words[index] ?? "";
      const similarity = (2 * count) / (wanted.size + (sizes[index] ?? 0));
      const isNear = Math.abs(word.length - token.length) <= MAX_LENGTH_DIFFERENCE;
      if (isNear && similarity >= MIN_SIMILARITY) near.push({ word, similarity });
    }
    return near
      .toSorted((a, b) => b.similarity - a.similarity || (a.word < b.word ? -1 : 1))
      .slice(0, MAX_NEAR);
  };
}

function trigrams(word: string): ReadonlySet<string> {
  const padded = ` ${word.slice(0, 40)} `;
  const parts = new Set<string>();
  for (let index = 0; index + 3 <= padded.length; index += 1) {
    parts.add(padded.slice(index, index + 3));
  }
  return parts;
}
