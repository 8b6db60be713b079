/** The most bytes a character of UTF-8 goes on for after its first. */
const MAX_REST = 3;

/**
 * Which bytes to read for a range of text: a character belongs where it begins, so one begun before
 * `end` is read to its end. Ranges side by side are then the whole text, each character once.
 */
export function widenToCharacters(start: number, end: number): { start: number; end: number } {
  return { start, end: end + MAX_REST };
}

/** Cuts what `widenToCharacters` read too much of: characters begun before or after the range. */
export function cutToCharacters(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } {
  const first = start === 0 ? 0 : skipRest(bytes, 0);
  const last = skipRest(bytes, Math.min(end - start, bytes.length));
  const cut = bytes.subarray(first, Math.max(last, first));
  return { bytes: cut, start: start + first, end: start + Math.max(last, first) };
}

function skipRest(bytes: Uint8Array, from: number): number {
  let index = from;
  while (index < from + MAX_REST && isRest(bytes[index])) index += 1;
  return index;
}

function isRest(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
