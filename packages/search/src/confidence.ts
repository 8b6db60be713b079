import type { Postings } from "./postings.ts";
import { rarityOf, weightIn } from "./postings.ts";
import type { Query, QueryTerm } from "./query.ts";

// Measured with queries for real catalogs of 527 and 1,399 tools: below this share three of four best
// hits were wrong or nothing fitted, above it three of four were right.
const MIN_COVERAGE = 0.3;
// In a catalog of two tools every word is common; rarity says little below this.
const MIN_COUNT = 10;

/** What confidence is told from. */
export interface CatalogWords {
  readonly postings: Postings;
  /** Tools in all. */
  readonly count: number;
}

/** Whether a tool has enough of what the query says, the rare words counting most. */
export function isCovered(query: Query, tool: number, words: CatalogWords): boolean {
  const count = Math.max(words.count, MIN_COUNT);
  let covered = 0;
  let total = 0;
  for (const term of query.terms) {
    const weight = rarityOf(words.postings.get(term.token), count);
    total += weight;
    covered += weight * shareOf(term, tool, words.postings);
  }
  return total > 0 && covered / total >= MIN_COVERAGE;
}

function shareOf({ variants }: QueryTerm, tool: number, postings: Postings): number {
  const shares = variants.map(
    ({ word, trust }) => trust * strengthOf(weightIn(postings.get(word), tool)),
  );
  return Math.max(0, ...shares);
}

/** A word of the name says all; one among many of a description may stand there by chance. */
function strengthOf(weight: number): number {
  return Math.min(1, (1.2 * weight) / (weight + 0.5));
}
