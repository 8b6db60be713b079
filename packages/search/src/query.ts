import { namesIn } from "./exact-names.ts";
import type { NearWord } from "./near-words.ts";
import { synonymsOf } from "./synonyms.ts";
import { bigrams, tokenizeWords } from "./tokenize.ts";

/** A word that counts in place of one of the query's. */
interface Variant {
  readonly word: string;
  /** For the score. */
  readonly weight: number;
  /** For confidence: how surely it means the same. */
  readonly trust: number;
}

/** A word of the query and what counts in its place; nothing where no tool knows it. */
export interface QueryTerm {
  readonly token: string;
  readonly variants: readonly Variant[];
}

/** A query, taken apart. */
export interface Query {
  readonly terms: readonly QueryTerm[];
  /** Adjacent words that are one word to some tool. */
  readonly compounds: readonly Variant[];
  readonly phrases: readonly string[];
  /** Tool names the query may have in it, folded. */
  readonly names: ReadonlySet<string>;
  /** As they were written. */
  readonly unmatched: readonly string[];
}

/** What the index knows of words. */
export interface Vocabulary {
  has(word: string): boolean;
  near(word: string): readonly NearWord[];
}

const SYNONYM_WEIGHT = 0.4;
const NEAR_WEIGHT = 0.6;
// "slack" is this much like "black": enough to be looked at, not to be vouched for.
const MIN_TRUSTED_SIMILARITY = 0.65;
const COMPOUND_WEIGHT = 0.5;
// More than a need has; whoever sends a novel gets its beginning searched.
const MAX_TEXT = 1_000;
const MAX_TERMS = 64;
const MAX_QUERIES = 10;
// Misspellings looked up; more unknown words than this are no misspellings.
const MAX_NEAR_LOOKUPS = 8;

/** Reads one need in one or several phrasings. What is no text is no phrasing. */
export function readQuery(query: unknown, vocabulary: Vocabulary): Query {
  const given: readonly unknown[] = Array.isArray(query) ? query : [query];
  const texts = given
    .slice(0, MAX_QUERIES)
    .filter((text) => typeof text === "string")
    // One sign can stand for a whole phrase.
    .map((text) => text.slice(0, MAX_TEXT).normalize("NFKC").slice(0, MAX_TEXT));
  const words = texts.flatMap((text) => tokenizeWords(text));
  const written = new Map<string, string>();
  for (const { token, word } of words) if (!written.has(token)) written.set(token, word);
  const tokens = [...written.keys()].slice(0, MAX_TERMS);
  const terms = readTerms(tokens, vocabulary);
  return {
    terms,
    compounds: compoundsOf(tokens, vocabulary),
    phrases: bigrams(words.slice(0, MAX_TERMS).map(({ token }) => token)),
    names: new Set(texts.flatMap((text) => namesIn(text))),
    unmatched: terms
      .filter(({ variants }) => variants.length === 0)
      .map(({ token }) => written.get(token) ?? token),
  };
}

function readTerms(tokens: readonly string[], vocabulary: Vocabulary): readonly QueryTerm[] {
  let lookups = 0;
  return tokens.map((token) => {
    const known = knownVariants(token, vocabulary);
    if (known.length > 0 || lookups >= MAX_NEAR_LOOKUPS) return { token, variants: known };
    lookups += 1;
    return { token, variants: vocabulary.near(token).map((near) => nearVariant(near)) };
  });
}

function knownVariants(token: string, vocabulary: Vocabulary): readonly Variant[] {
  const same = synonymsOf(token).filter((word) => vocabulary.has(word));
  const synonyms = same.map((word) => ({
    word,
    weight: SYNONYM_WEIGHT,
    trust: SYNONYM_WEIGHT,
  }));
  return vocabulary.has(token) ? [{ word: token, weight: 1, trust: 1 }, ...synonyms] : synonyms;
}

function nearVariant({ word, similarity }: NearWord): Variant {
  const weight = NEAR_WEIGHT * similarity;
  return { word, weight, trust: similarity >= MIN_TRUSTED_SIMILARITY ? weight : 0 };
}

function compoundsOf(tokens: readonly string[], vocabulary: Vocabulary): readonly Variant[] {
  return tokens
    .slice(1)
    .map((token, index) => `${tokens[index] ?? ""}${token}`)
    .filter((word) => vocabulary.has(word))
    .map((word) => ({ word, weight: COMPOUND_WEIGHT, trust: 0 }));
}
