import type { ToolDefinition } from "@codemode/core";

import { isCovered } from "./confidence.ts";
import { createNameBonus, isNamed } from "./exact-names.ts";
import { createNearWords } from "./near-words.ts";
import type { Postings } from "./postings.ts";
import { createPostings, rarityOf } from "./postings.ts";
import type { Query, QueryTerm } from "./query.ts";
import { readQuery } from "./query.ts";
import type { ToolDocument } from "./tool-document.ts";
import { toToolDocument } from "./tool-document.ts";

/** What a search looks at. */
export interface ToolSearchOptions {
  readonly server?: string;
  /** Default 8; what is out of 1 to 50 counts as the nearer end. */
  readonly limit?: number;
  /** Default `true`. */
  readonly includeDeferred?: boolean;
}

/** A tool and how well it fits; scores compare within one search only. */
export interface ToolHit {
  readonly tool: ToolDefinition;
  readonly score: number;
}

/** What a search found, best first. */
export interface ToolSearchResult {
  readonly hits: readonly ToolHit[];
  /** All that matched, not only those given. */
  readonly total: number;
  /** `high`: the best hit is named by the query, or has enough of its telling words. */
  readonly confidence: "high" | "low" | "none";
  /** Words of the query that no tool knows, as they were written. */
  readonly unmatched: readonly string[];
}

/** An index of tools. Made anew when the tools change. */
export interface ToolIndex {
  /** Several phrasings of one need are one search. Never throws. */
  search(query: string | readonly string[], options?: ToolSearchOptions): ToolSearchResult;
}

// BM25F's saturation; the weights are in tool-document.ts. Robertson and Zaragoza, "The
// Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.6.
const K1 = 1.6;
const PHRASE_BONUS = 0.7;
const DEFAULT_LIMIT = 8;
const MAX_LIMIT = 50;

/** Indexes tools by their words. */
export function createToolIndex(
  tools: readonly ToolDefinition[],
  options: { readonly serverDescriptions?: ReadonlyMap<string, string> } = {},
): ToolIndex {
  const sorted = tools.toSorted((a, b) => (a.canonicalName < b.canonicalName ? -1 : 1));
  const documents = sorted.map((tool) =>
    toToolDocument(tool, options.serverDescriptions?.get(tool.server)),
  );
  const count = documents.length;
  const postings = createPostings(documents);
  const nameBonus = createNameBonus(sorted);
  const near = createNearWords(postings.keys());
  const vocabulary = { has: (word: string) => postings.has(word), near };
  return {
    search(query, searchOptions) {
      const limit = limitOf(searchOptions?.limit);
      const asked = readQuery(query, vocabulary);
      const scores = scoreAll(asked, postings, count);
      for (const [index, bonus] of nameBonus(asked.names)) {
        scores[index] = (scores[index] ?? 0) + bonus;
      }
      const found = select(scores, documents, searchOptions ?? {});
      const ranked = withPhrases(found, asked, limit);
      const best = ranked[0];
      const isSure =
        best !== undefined &&
        (isNamed(best.score) || isCovered(asked, best.index, { postings, count }));
      return {
        hits: ranked.map(({ document, score }) => ({ tool: document.tool, score })),
        total: found.length,
        confidence: best === undefined ? "none" : isSure ? "high" : "low",
        unmatched: asked.unmatched,
      };
    },
  };
}

interface Found {
  readonly index: number;
  readonly document: ToolDocument;
  readonly score: number;
}

function select(
  scores: Float64Array,
  documents: readonly ToolDocument[],
  { server, includeDeferred = true }: ToolSearchOptions,
): readonly Found[] {
  const found: Found[] = [];
  for (const [index, score] of scores.entries()) {
    const document = documents[index];
    if (!document || score === 0 || (server !== undefined && document.tool.server !== server))
      continue;
    if (document.tool.deferLoading && !includeDeferred) continue;
    found.push({ index, document, score });
  }
  return found.toSorted(byScore);
}

/** The first `limit` once adjacent words count too; what cannot get there any more is not read. */
function withPhrases(found: readonly Found[], asked: Query, limit: number): readonly Found[] {
  const worst = (found[limit - 1]?.score ?? 0) / (1 + PHRASE_BONUS);
  const ranked: Found[] = [];
  for (const { index, document, score } of found) {
    if (score < worst) break;
    ranked.push({ index, document, score: score * phraseBonus(asked, document) });
  }
  return ranked.toSorted(byScore).slice(0, limit);
}

/** Documents are in order of name: equal scores keep that order. */
function byScore(a: Found, b: Found): number {
  return b.score - a.score || a.index - b.index;
}

function limitOf(limit: number = DEFAULT_LIMIT): number {
  if (Number.isNaN(limit)) return DEFAULT_LIMIT;
  return Math.max(1, Math.min(Math.trunc(limit), MAX_LIMIT));
}

/** One score for each tool, 0 where no word fits. */
function scoreAll(query: Query, postings: Postings, count: number): Float64Array {
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
      for (const [place, tool] of posting.tools.entries()) {
        const frequency = posting.weights[place] ?? 0;
        best[tool] = Math.max(best[tool] ?? 0, (scale * frequency) / (frequency + K1));
      }
    }
    for (const { posting } of found) {
      for (const tool of posting.tools) {
        scores[tool] = (scores[tool] ?? 0) + (best[tool] ?? 0);
        best[tool] = 0;
      }
    }
  }
  return scores;
}

function phraseBonus({ phrases }: Query, document: ToolDocument): number {
  if (phrases.length === 0) return 1;
  const found = phrases.filter((phrase) => document.phrases.has(phrase)).length;
  return 1 + (PHRASE_BONUS * found) / phrases.length;
}
