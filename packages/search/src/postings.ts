import type { ToolDocument } from "./tool-document.ts";
import { FIELD_NAMES, fieldRule } from "./tool-document.ts";

/** The tools that have a word, in order, and at the same places the weights of the word there. */
export interface Posting {
  readonly tools: readonly number[];
  readonly weights: readonly number[];
}

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
  const postings = new Map<string, { readonly tools: number[]; readonly weights: number[] }>();
  for (const [index, { words }] of documents.entries()) {
    for (const field of FIELD_NAMES) {
      const { weight, lengthEffect } = fieldRule(field);
      const length = words[field].length / (averages.get(field) ?? 1);
      const share = weight / (1 - lengthEffect + lengthEffect * length);
      for (const word of words[field]) {
        const posting = postings.get(word);
        if (!posting) {
          postings.set(word, { tools: [index], weights: [share] });
        } else if (posting.tools.at(-1) === index) {
          posting.weights.push((posting.weights.pop() ?? 0) + share);
        } else {
          posting.tools.push(index);
          posting.weights.push(share);
        }
      }
    }
  }
  return postings;
}

/** How much a word tells: the fewer of `count` tools have it, the more (BM25's idf). */
export function rarityOf(posting: Posting | undefined, count: number): number {
  const having = posting?.tools.length ?? 0;
  return Math.log(1 + (count - having + 0.5) / (having + 0.5));
}

/** The weight of a word in one tool, 0 where it has not the word. */
export function weightIn(posting: Posting | undefined, tool: number): number {
  return posting?.weights[posting.tools.indexOf(tool)] ?? 0;
}
