import { createNameBonus } from "./exact-names.ts";
import { createNearWords } from "./near-words.ts";
import { createPostings } from "./postings.ts";
import type { FieldRules } from "./postings.ts";
import { readQuery } from "./query.ts";
import { byScore, scoreAll, withPhrases } from "./score.ts";
import { bigrams, tokenize } from "./tokenize.ts";

/** A text to find, as words. `toTextDocument` makes one; it may be kept and indexed again. */
export interface TextDocument {
  readonly id: string;
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** Adjacent words, where they tell more than alone. */
  readonly phrases: ReadonlySet<string>;
}

/** Texts of a document by field. */
export interface TextFields {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Fields whose adjacent words count together. Default: none. */
  readonly phrasesOf?: readonly string[];
}

/** What one search sets. */
export interface TextSearchOptions {
  /** How many hits at most. */
  readonly limit: number;
  /** Default: all. */
  readonly accepts?: (id: string) => boolean;
}

/** Documents by what they say; the id counts as a name. */
export interface TextIndex {
  /** Best first. Never throws. */
  search(
    query: string,
    options: TextSearchOptions,
  ): readonly { readonly id: string; readonly score: number }[];
}

/** Takes a document apart. */
export function toTextDocument({ id, fields, phrasesOf = [] }: TextFields): TextDocument {
  const words = Object.fromEntries(
    Object.entries(fields).map(([field, text]) => [field, tokenize(text)]),
  );
  return { id, words, phrases: new Set(phrasesOf.flatMap((field) => bigrams(words[field] ?? []))) };
}

/** Indexes documents. `rules` weigh their fields; a field without a rule is not looked at. */
export function createTextIndex(documents: readonly TextDocument[], rules: FieldRules): TextIndex {
  const sorted = documents.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const postings = createPostings(sorted, rules);
  const nameBonus = createNameBonus(sorted.map(({ id }) => ({ name: id, canonicalName: id })));
  const near = createNearWords(postings.keys());
  const vocabulary = { has: (word: string) => postings.has(word), near };
  return {
    search(query, { limit, accepts = () => true }) {
      const asked = readQuery(query, vocabulary);
      const scores = scoreAll(asked, postings, sorted.length);
      for (const [index, bonus] of nameBonus(asked.names)) {
        scores[index] = (scores[index] ?? 0) + bonus;
      }
      const found = [...scores.entries()].flatMap(([index, score]) => {
        const document = sorted[index];
        return document && score > 0 && accepts(document.id) ? [{ index, document, score }] : [];
      });
      return withPhrases(found.toSorted(byScore), asked, limit).map(({ document, score }) => ({
        id: document.id,
        score,
      }));
    },
  };
}
