import type { ToolDocument } from "./tool-document.ts";
import { FIELD_NAMES, fieldRule } from "./tool-document.ts";

/** Each tool that has a word, with the weight of the word there. */
export type Posting = ReadonlyMap<number, number>;

/** All words of all tools. */
export type Postings = ReadonlyMap<string, Posting>;

/** Counts each word of each tool, by the field where it stands. */
export function createPostings(documents: readonly ToolDocument[]): Postings {
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

/** How much a word tells: the fewer of `count` tools have it, the more (BM25's idf). */
export function rarityOf(posting: Posting | undefined, count: number): number {
  const having = posting?.size ?? 0;
  return Math.log(1 + (count - having + 0.5) / (having + 0.5));
}
