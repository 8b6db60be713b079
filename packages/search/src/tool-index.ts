import type { ToolDefinition } from "@codemode/core";

import { readQuery } from "./query.ts";
import type { Query } from "./query.ts";
import type { ToolDocument } from "./tool-document.ts";
import { FIELD_NAMES, fieldRule, toToolDocument } from "./tool-document.ts";

/** What a search looks at. */
export interface ToolSearchOptions {
  readonly server?: string;
  /** Default 8, at most 50. */
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
  /** `high`: most words of the query occur in the best hit. */
  readonly confidence: "high" | "low" | "none";
  /** Words of the query that no tool knows. */
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
const MAX_LIMIT = 50;

/** Word -> each tool that has it, with the weight of the word there. */
type Postings = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Indexes tools by their words. */
export function createToolIndex(
  tools: readonly ToolDefinition[],
  options: { readonly serverDescriptions?: ReadonlyMap<string, string> } = {},
): ToolIndex {
  const documents = tools
    .toSorted((a, b) => (a.canonicalName < b.canonicalName ? -1 : 1))
    .map((tool) => toToolDocument(tool, options.serverDescriptions?.get(tool.server)));
  const postings = createPostings(documents);
  return {
    search(query, searchOptions = {}) {
      const { server, limit = 8, includeDeferred = true } = searchOptions;
      const asked = readQuery(query, postings);
      const scores = scoreAll(asked, postings, documents.length);
      const hits: ToolHit[] = [];
      for (const [index, score] of scores) {
        const document = documents[index];
        if (!document || (server !== undefined && document.tool.server !== server)) continue;
        if (document.tool.deferLoading && !includeDeferred) continue;
        hits.push({
          tool: document.tool,
          score: score * phraseBonus(asked, document) + exactBonus(asked, document),
        });
      }
      // Documents are in order of name, and sorting is stable: equal scores keep that order.
      const ranked = hits.toSorted((a, b) => b.score - a.score);
      const kept = ranked.slice(0, Math.max(0, Math.min(Math.trunc(limit) || 0, MAX_LIMIT)));
      return {
        hits: kept,
        total: ranked.length,
        confidence: confidenceOf(asked, kept[0], postings),
        unmatched: asked.unmatched,
      };
    },
  };
}

function createPostings(documents: readonly ToolDocument[]): Postings {
  const averages = new Map(
    FIELD_NAMES.map((field) => {
      const total = documents.reduce((sum, { words }) => sum + words[field].length, 0);
      return [field, Math.max(total / Math.max(documents.length, 1), 1)];
    }),
  );
  const postings = new Map<string, Map<number, number>>();
  for (const [index, { words }] of documents.entries()) {
    for (const field of FIELD_NAMES) {
      const { weight, lengthEffect } = fieldRule(field);
      const length = words[field].length / (averages.get(field) ?? 1);
      const share = weight / (1 - lengthEffect + lengthEffect * length);
      for (const word of words[field]) {
        const byTool = postings.get(word) ?? new Map<number, number>();
        byTool.set(index, (byTool.get(index) ?? 0) + share);
        postings.set(word, byTool);
      }
    }
  }
  return postings;
}

function scoreAll(query: Query, postings: Postings, count: number): ReadonlyMap<number, number> {
  const scores = new Map<number, number>();
  for (const { variants } of query.terms) {
    // The best of a word and its synonyms counts, not their sum.
    const best = new Map<number, number>();
    for (const { word, weight } of variants) {
      const byTool = postings.get(word);
      if (!byTool) continue;
      const rarity = Math.log(1 + (count - byTool.size + 0.5) / (byTool.size + 0.5));
      for (const [index, frequency] of byTool) {
        const score = (weight * rarity * frequency * (K1 + 1)) / (frequency + K1);
        if (score > (best.get(index) ?? 0)) best.set(index, score);
      }
    }
    for (const [index, score] of best) scores.set(index, (scores.get(index) ?? 0) + score);
  }
  return scores;
}

function phraseBonus({ phrases }: Query, document: ToolDocument): number {
  if (phrases.length === 0) return 1;
  const found = phrases.filter((phrase) => document.phrases.has(phrase)).length;
  return 1 + (0.7 * found) / phrases.length;
}

// Above any sum of words: who writes a name means that tool.
const EXACT = 1_000;

function exactBonus({ names }: Query, { tool }: ToolDocument): number {
  if (names.has(tool.canonicalName.toLowerCase())) return EXACT;
  return names.has(tool.name.toLowerCase()) ? EXACT / 2 : 0;
}

function confidenceOf(
  query: Query,
  best: ToolHit | undefined,
  postings: Postings,
): ToolSearchResult["confidence"] {
  if (!best) return "none";
  if (best.score >= EXACT / 2) return "high";
  const known = query.terms.filter(({ variants }) =>
    variants.some(({ word }) => postings.has(word)),
  );
  return known.length * 2 >= query.terms.length + query.unmatched.length ? "high" : "low";
}
