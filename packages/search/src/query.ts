import { synonymsOf } from "./synonyms.ts";
import { bigrams, tokenize } from "./tokenize.ts";

/** A word of the query and what counts in its place. */
export interface QueryTerm {
  readonly variants: readonly { readonly word: string; readonly weight: number }[];
}

/** A query, taken apart. */
export interface Query {
  readonly terms: readonly QueryTerm[];
  readonly phrases: readonly string[];
  /** The query as a name, in lower case. */
  readonly names: ReadonlySet<string>;
  readonly unmatched: readonly string[];
}

const SYNONYM_WEIGHT = 0.4;
const NEAR_WEIGHT = 0.6;
const COMPOUND_WEIGHT = 0.5;
const MIN_SIMILARITY = 0.55;
// More words than a need has; whoever sends a novel gets its beginning searched.
const MAX_TERMS = 64;
const MAX_QUERIES = 10;

/** Reads one need in one or several phrasings. */
export function readQuery(
  query: string | readonly string[],
  vocabulary: ReadonlyMap<string, unknown>,
): Query {
  const texts = (typeof query === "string" ? [query] : query).slice(0, MAX_QUERIES);
  const tokens = texts.flatMap((text) => tokenize(text));
  const distinct = [...new Set(tokens)].slice(0, MAX_TERMS);
  const terms: QueryTerm[] = [];
  const unmatched: string[] = [];
  for (const token of distinct) {
    const variants = variantsOf(token, vocabulary);
    if (variants.length > 0) terms.push({ variants });
    else unmatched.push(token);
  }
  for (const [index, token] of distinct.entries()) {
    const compound = `${distinct[index - 1] ?? ""}${token}`;
    if (index > 0 && vocabulary.has(compound)) {
      terms.push({ variants: [{ word: compound, weight: COMPOUND_WEIGHT }] });
    }
  }
  return {
    terms,
    phrases: bigrams(tokens.slice(0, MAX_TERMS)),
    names: new Set(texts.map((text) => text.trim().toLowerCase().replace("__", "."))),
    unmatched,
  };
}

function variantsOf(
  token: string,
  vocabulary: ReadonlyMap<string, unknown>,
): QueryTerm["variants"] {
  const same = synonymsOf(token)
    .filter((word) => vocabulary.has(word))
    .map((word) => ({ word, weight: SYNONYM_WEIGHT }));
  if (vocabulary.has(token)) return [{ word: token, weight: 1 }, ...same];
  return same.length > 0 ? same : nearWords(token, vocabulary);
}

/** The three words most alike, for misspellings. */
function nearWords(token: string, vocabulary: ReadonlyMap<string, unknown>): QueryTerm["variants"] {
  const wanted = trigrams(token);
  const alike: { readonly word: string; readonly similarity: number }[] = [];
  for (const word of vocabulary.keys()) {
    if (Math.abs(word.length - token.length) > 4) continue;
    const similarity = dice(wanted, trigrams(word));
    if (similarity >= MIN_SIMILARITY) alike.push({ word, similarity });
  }
  return alike
    .toSorted((a, b) => b.similarity - a.similarity || (a.word < b.word ? -1 : 1))
    .slice(0, 3)
    .map(({ word, similarity }) => ({ word, weight: NEAR_WEIGHT * similarity }));
}

function trigrams(word: string): ReadonlySet<string> {
  const padded = ` ${word.slice(0, 40)} `;
  const parts = new Set<string>();
  for (let index = 0; index + 3 <= padded.length; index += 1)
    parts.add(padded.slice(index, index + 3));
  return parts;
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * a.intersection(b).size) / Math.max(a.size + b.size, 1);
}
