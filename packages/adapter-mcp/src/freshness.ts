import type { PageReader } from "./list-tools.ts";

/** How long a listing is good for, where its server says so. */
export interface Freshness {
  /** Reads the same pages, and how long they are good for: the shortest of them counts. */
  watch(readPage: PageReader): PageReader;
  /** Whether a new listing is due. Says so once for each listing. */
  isOver(): boolean;
}

/** Nothing is listed, so nothing is due. */
export function createFreshness(): Freshness {
  let until = Number.POSITIVE_INFINITY;
  return {
    watch(readPage) {
      let shortest = Number.POSITIVE_INFINITY;
      return async (cursor) => {
        const page = await readPage(cursor);
        shortest = Math.min(shortest, page.ttlMs ?? Number.POSITIVE_INFINITY);
        until = performance.now() + shortest;
        return page;
      };
    },
    isOver() {
      if (performance.now() < until) return false;
      until = Number.POSITIVE_INFINITY;
      return true;
    },
  };
}
