import type { Diagnostic } from "@codemode/core";
import { createTextIndex, toTextDocument } from "@codemode/search";
import type { TextDocument, TextIndex } from "@codemode/search";
import type { Store } from "@codemode/storage";

import type { SkillEntries, SkillEntry } from "./skill-entries.ts";
import type { SkillSearchResult } from "./skill-store.ts";
import type { SkillStoreOptions } from "./store-options.ts";
import { createVectors, similarity } from "./vectors.ts";
import type { Vectors } from "./vectors.ts";

/** What is searched for, and among which skills. */
interface SkillQuery {
  readonly query: string;
  readonly limit: number;
  readonly accepts: (entry: SkillEntry) => boolean;
}

/** Finds skills by words, and by meaning where there is a provider. */
export type SkillSearch = (entries: SkillEntries, query: SkillQuery) => Promise<SkillSearchResult>;

const WEIGHTS = {
  name: { weight: 3, lengthEffect: 0.5 },
  description: { weight: 2, lengthEffect: 0.75 },
  tags: { weight: 1, lengthEffect: 0.3 },
  content: { weight: 0.5, lengthEffect: 0.75 },
} as const;
// Reciprocal rank fusion: Cormack, Clarke and Büttcher, 2009, use 60 for any collection.
const FUSION_CONSTANT = 60;
const CANDIDATES = 50;
// A query says what is looked for; what is beyond this is an essay.
const MAX_QUERY_LENGTH = 2_000;

/** Indexes again when the skills have changed; the words of those that stayed are kept. */
export function createSkillSearch(
  store: Store,
  embedder: SkillStoreOptions["embedder"],
): SkillSearch {
  const documents = new WeakMap<SkillEntry, TextDocument>();
  let last: { readonly entries: SkillEntries; readonly index: TextIndex } | undefined;
  const toDocument = (entry: SkillEntry, id: string): TextDocument => {
    const document = documents.get(entry) ?? describe(entry, id);
    documents.set(entry, document);
    return document;
  };
  const indexOf = (entries: SkillEntries): TextIndex => {
    if (last?.entries === entries) return last.index;
    const all = [...entries.entries].map(([id, entry]) => toDocument(entry, id));
    const index = createTextIndex(all, WEIGHTS);
    last = { entries, index };
    return index;
  };
  const openVectors = createOpener(store, embedder);
  return async (entries, asked) => {
    const query = asked.query.slice(0, MAX_QUERY_LENGTH);
    const isWanted = (id: string): boolean => {
      const entry = entries.entries.get(id);
      return entry !== undefined && asked.accepts(entry);
    };
    const vectors = await openVectors();
    const limit = vectors ? Math.max(asked.limit, CANDIDATES) : asked.limit;
    const lexical = indexOf(entries).search(query, { limit, accepts: isWanted });
    const found: Found = vectors
      ? await fuse(lexical, () => nearest(vectors, entries, { query, isWanted, limit }))
      : { ranked: lexical, mode: "lexical", diagnostics: [] };
    const hits = found.ranked.slice(0, asked.limit).flatMap(({ id, score }) => {
      const entry = entries.entries.get(id);
      return entry ? [Object.assign({ score }, entry.summary)] : [];
    });
    return { hits, mode: found.mode, diagnostics: found.diagnostics };
  };
}

/** Loads a provider that has to be loaded, once. */
function createOpener(
  store: Store,
  embedder: SkillStoreOptions["embedder"],
): () => Promise<Vectors | undefined> {
  let opened: Promise<Vectors> | undefined;
  return async () => {
    if (embedder === undefined) return undefined;
    const load = async (): Promise<Vectors> =>
      createVectors(typeof embedder === "function" ? await embedder() : embedder, store);
    opened ??= load();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}

interface Ranked {
  readonly id: string;
  readonly score: number;
}

interface Found {
  readonly ranked: readonly Ranked[];
  readonly mode: SkillSearchResult["mode"];
  readonly diagnostics: readonly Diagnostic[];
}

function describe({ summary, excerpt }: SkillEntry, id: string): TextDocument {
  return toTextDocument({
    id,
    fields: {
      name: summary.name,
      description: summary.description,
      tags: summary.tags.join(" "),
      content: excerpt,
    },
    phrasesOf: ["name", "description"],
  });
}

/** Both rankings as one; words alone where the provider fails. */
async function fuse(
  lexical: readonly Ranked[],
  nearby: () => Promise<readonly Ranked[]>,
): Promise<Found> {
  try {
    const scores = new Map<string, number>();
    for (const ranking of [lexical, await nearby()]) {
      for (const [rank, { id }] of ranking.entries()) {
        scores.set(id, (scores.get(id) ?? 0) + 1 / (FUSION_CONSTANT + rank + 1));
      }
    }
    const ranked = [...scores].map(([id, score]) => ({ id, score })).toSorted(byScore);
    return { ranked, mode: "semantic", diagnostics: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : "it failed";
    const message = `Skills were searched by words only: the embedding provider failed (${reason}).`;
    return {
      ranked: lexical,
      mode: "lexical",
      diagnostics: [{ code: "SEARCH_NOT_SEMANTIC", message }],
    };
  }
}

async function nearest(
  vectors: Vectors,
  { entries }: SkillEntries,
  asked: {
    readonly query: string;
    readonly limit: number;
    readonly isWanted: (id: string) => boolean;
  },
): Promise<readonly Ranked[]> {
  const wanted = [...entries].filter(([id]) => asked.isWanted(id));
  const texts = wanted.map(
    ([, { summary }]) => `${summary.name}: ${summary.description} ${summary.tags.join(" ")}`,
  );
  const own = await vectors.of(texts);
  const query = await vectors.ofQuery(asked.query);
  return wanted
    .map(([id], index) => ({ id, score: similarity(query, own[index] ?? new Float32Array()) }))
    .filter(({ score }) => score > 0)
    .toSorted(byScore)
    .slice(0, asked.limit);
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1);
}
