// Invisible and direction-changing characters would show a reader other code than runs.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Untrusted text as a string literal of code. */
export function quoteText(text: string): string {
  return JSON.stringify(text).replaceAll(INVISIBLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
