import { distance } from "fastest-levenshtein";

/**
 * The candidates nearest to `name`, best first, at most `limit` (default 1): for the end of a
 * "not found" message. Case and separators count little, so `readFile` finds `read_file`.
 */
export function nearestNames(
  name: string,
  candidates: Iterable<string>,
  limit: number = 1,
): readonly string[] {
  const wanted = fold(name);
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of candidates) {
    const folded = fold(candidate);
    const longest = Math.max(wanted.length, folded.length, 1);
    const edits = distance(wanted, folded);
    const part = folded.includes(wanted) && wanted.length > 3 ? 0.2 : 1;
    const score = Math.min(edits / longest, part);
    // Two letters that have changed places are two edits, much of a short name.
    const swapped =
      edits <= 2 &&
      (letters(folded) === letters(wanted) || (longest >= 4 && folded[0] === wanted[0]));
    if (score <= 0.4 || swapped) scored.push({ candidate, score });
  }
  return scored
    .toSorted((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** ` Did you mean "x"?` with a leading space, or nothing: to append to a message. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const [nearest] = nearestNames(name, candidates);
  return nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
}

function letters(name: string): string {
  return name.split("").toSorted().join("");
}

function fold(name: string): string {
  return name
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]/g, "");
}
