import type { ReadSkill } from "./read-skill.ts";

const MAX_TEXT = 20_000;
const MAX_LENGTH = 1_000;
/** Of the language, not of what the skill does. */
const COMMON = new Set(
  (
    "const let var function async await return export import from default if else for while of in " +
    "new try catch throw type interface string number boolean true false null undefined void any " +
    "unknown promise record array object this the a an and or to is it"
  ).split(" "),
);

/** Distinct words of a skill's instructions and source: what search looks at besides the summary. */
export function excerptOf({ body, entry, description }: ReadSkill): string {
  const known = new Set([...COMMON, ...wordsOf(description)]);
  const words: string[] = [];
  let length = 0;
  for (const word of wordsOf(`${body} ${entry?.source ?? ""}`.slice(0, MAX_TEXT))) {
    if (known.has(word)) continue;
    known.add(word);
    length += word.length + 1;
    if (length > MAX_LENGTH) break;
    words.push(word);
  }
  return words.join(" ");
}

function wordsOf(text: string): readonly string[] {
  const spaced = text.replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();
  return spaced.match(/[\p{L}\p{N}]{2,40}/gu) ?? [];
}
