// What Linux takes as one argument, its end included; other systems have only a limit for all of them.
const MAX_WORD_BYTES = 128 * 1024 - 1;

/** What no process can be given as an argument. */
export function unusableWords(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    const shown = JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}...` : word);
    if (word.includes("\0")) return [`${shown} holds a NUL, which no command can be given`];
    if (!word.isWellFormed()) return [`${shown} holds half of a character (a lone surrogate)`];
    const bytes = Buffer.byteLength(word);
    if (bytes <= MAX_WORD_BYTES) return [];
    return [`${shown} has ${bytes} bytes; one argument can have ${MAX_WORD_BYTES}`];
  });
}
