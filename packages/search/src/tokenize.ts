import { stemmer } from "stemmer";

/** Words that say nothing about what a tool does. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a an the of to in on at for from by with and or not is are be this that it its as into about " +
    "all any can will would should could if then than i me my you your we our they them their what " +
    "which who how when where do does did has have had was were there here please tool tools help " +
    "want wants need needs use using used via let lets some given provide provides provided"
  ).split(" "),
);

// A text longer than this adds no meaning, only work.
const MAX_TEXT = 10_000;

/** A word as it was written (in lower case), and as it is compared. */
export interface Word {
  readonly word: string;
  readonly token: string;
}

/** Words of a text: camelCase, snake_case, kebab-case and digits split, CJK in pairs, stemmed. */
export function tokenize(text: string): readonly string[] {
  return tokenizeWords(text).map(({ token }) => token);
}

/** The same, with each word as it was written. */
export function tokenizeWords(text: string): readonly Word[] {
  const spaced = text
    .slice(0, MAX_TEXT)
    .normalize("NFKC")
    // One sign can stand for a whole phrase.
    .slice(0, MAX_TEXT)
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .replaceAll(/(\p{L})(\d)/gu, "$1 $2")
    .replaceAll(/(\d)(\p{L})/gu, "$1 $2")
    .toLowerCase();
  const words: Word[] = [];
  for (const [word] of spaced.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (CJK.test(word)) words.push(...pairs(word).map((pair) => ({ word: pair, token: pair })));
    else if (!STOP_WORDS.has(word)) {
      words.push({ word, token: /^[a-z]+$/.test(word) ? stemmer(word) : word });
    }
  }
  return words;
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function pairs(word: string): readonly string[] {
  const letters = Array.from(word);
  if (letters.length < 2) return letters;
  return letters.slice(1).map((letter, index) => `${letters[index] ?? ""}${letter}`);
}

/** Adjacent words as one, for phrases. */
export function bigrams(tokens: readonly string[]): readonly string[] {
  return tokens.slice(1).map((token, index) => `${tokens[index] ?? ""} ${token}`);
}
