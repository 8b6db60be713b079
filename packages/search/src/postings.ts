/** Where a word stands: its weight, and how much a long text counts against it (BM25F's w and b). */
export type FieldRules = Readonly<
  Record<string, { readonly weight: number; readonly lengthEffect: number }>
>;

/** A document as words, by field. */
export interface Worded {
  readonly words: Readonly<Record<string, readonly string[]>>;
}

/** The documents that have a word, in order, and at the same places the weights of the word there. */
export interface Posting {
  readonly documents: readonly number[];
  readonly weights: readonly number[];
}

/** All words of all documents. */
export type Postings = ReadonlyMap<string, Posting>;

/** Counts each word of each document, by the field where it stands. */
export function createPostings(documents: readonly Worded[], rules: FieldRules): Postings {
  const fields = Object.entries(rules);
  const averages = new Map(
    fields.map(([field]) => {
      const total = documents.reduce((sum, { words }) => sum + (words[field]?.length ?? 0), 0);
      return [field, Math.max(total / Math.max(documents.length, 1), 1)];
    }),
  );
  const postings = new Map<string, { readonly documents: number[]; readonly weights: number[] }>();
  for (const [index, { words }] of documents.entries()) {
    for (const [field, { weight, lengthEffect }] of fields) {
      const own = words[field] ?? [];
      const length = own.length / (averages.get(field) ?? 1);
      const share = weight / (1 - lengthEffect + lengthEffect * length);
      for (const word of own) {
        const posting = postings.get(word);
        if (!posting) {
          postings.set(word, { documents: [index], weights: [share] });
        } else if (posting.documents.at(-1) === index) {
          posting.weights.push((posting.weights.pop() ?? 0) + share);
        } else {
          posting.documents.push(index);
          posting.weights.push(share);
        }
      }
    }
  }
  return postings;
}

/** How much a word tells: the fewer of `count` documents have it, the more (BM25's idf). */
export function rarityOf(posting: Posting | undefined, count: number): number {
  const having = posting?.documents.length ?? 0;
  return Math.log(1 + (count - having + 0.5) / (having + 0.5));
}

/** The weight of a word in one document, 0 where it has not the word. */
export function weightIn(posting: Posting | undefined, index: number): number {
  return posting?.weights[posting.documents.indexOf(index)] ?? 0;
}
