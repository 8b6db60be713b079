import type { Postings } from "./postings.ts";
import { rarityOf } from "./postings.ts";
import type { Query, QueryTerm } from "./query.ts";

// BM25F's saturation; a document's fields have the weights. Robertson and Zaragoza, "The
// Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.6.
const K1 = 1.6;
const PHRASE_BONUS = 0.7;

/** A document and how well it fits. */
export interface Scored<Document> {
  readonly index: number;
  readonly document: Document;
  readonly score: number;
}

/** The first `limit` once adjacent words count too; what cannot get there any more is not read. */
export function withPhrases<Document extends { readonly phrases: ReadonlySet<string> }>(
  found: readonly Scored<Document>[],
  asked: Query,
  limit: number,
): readonly Scored<Document>[] {
  const worst = (found[limit - 1]?.score ?? 0) / (1 + PHRASE_BONUS);
  const ranked: Scored<Document>[] = [];
  for (const { index, document, score } of found) {
    if (score < worst) break;
    ranked.push({ index, document, score: score * phraseBonus(asked, document.phrases) });
  }
  return ranked.toSorted(byScore).slice(0, limit);
}

/** Documents are in order of name: equal scores keep that order. */
export function byScore(
  a: { readonly score: number; readonly index: number },
  b: { readonly score: number; readonly index: number },
): number {
  return b.score - a.score || a.index - b.index;
}

/** One score for each document, 0 where no word fits. */
export function scoreAll(query: Query, postings: Postings, count: number): Float64Array {
  const scores = new Float64Array(count);
  const groups: readonly QueryTerm["variants"][] = [
    ...query.terms.map(({ variants }) => variants),
    ...query.compounds.map((compound) => [compound]),
  ];
  const best = new Float64Array(count);
  for (const variants of groups) {
    const found = variants.flatMap(({ word, weight }) => {
      const posting = postings.get(word);
      return posting ? [{ posting, scale: weight * rarityOf(posting, count) * (K1 + 1) }] : [];
    });
    // The best of a word and its synonyms counts, not their sum.
    for (const { posting, scale } of found) {
      for (const [place, one] of posting.documents.entries()) {
        const frequency = posting.weights[place] ?? 0;
        best[one] = Math.max(best[one] ?? 0, (scale * frequency) / (frequency + K1));
      }
    }
    for (const { posting } of found) {
      for (const one of posting.documents) {
        scores[one] = (scores[one] ?? 0) + (best[one] ?? 0);
        best[one] = 0;
      }
    }
  }
  return scores;
}

function phraseBonus({ phrases }: Query, own: ReadonlySet<string>): number {
  if (phrases.length === 0) return 1;
  const found = phrases.filter((phrase) => own.has(phrase)).length;
  return 1 + (PHRASE_BONUS * found) / phrases.length;
}
