import type { ToolDefinition } from "@codemode/core";

import { isCovered } from "./confidence.ts";
import { createNameBonus, isNamed } from "./exact-names.ts";
import { createNearWords } from "./near-words.ts";
import { createPostings } from "./postings.ts";
import { readQuery } from "./query.ts";
import { byScore, scoreAll, withPhrases } from "./score.ts";
import type { Scored } from "./score.ts";
import type { ToolDocument } from "./tool-document.ts";
import { TOOL_FIELDS, toToolDocument } from "./tool-document.ts";

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
  const postings = createPostings(documents, TOOL_FIELDS);
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

function select(
  scores: Float64Array,
  documents: readonly ToolDocument[],
  { server, includeDeferred = true }: ToolSearchOptions,
): readonly Scored<ToolDocument>[] {
  const found: Scored<ToolDocument>[] = [];
  for (const [index, score] of scores.entries()) {
    const document = documents[index];
    if (!document || score === 0 || (server !== undefined && document.tool.server !== server))
      continue;
    if (document.tool.deferLoading && !includeDeferred) continue;
    found.push({ index, document, score });
  }
  return found.toSorted(byScore);
}

function limitOf(limit: number = DEFAULT_LIMIT): number {
  if (Number.isNaN(limit)) return DEFAULT_LIMIT;
  return Math.max(1, Math.min(Math.trunc(limit), MAX_LIMIT));
}
