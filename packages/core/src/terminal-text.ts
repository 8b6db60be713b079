/**
 * Makes untrusted text safe to print on a terminal: control characters (escape sequences among
 * them), line and paragraph separators and invisible or direction-changing marks become `\u{...}`.
 * Line feeds and tabs stay, unless `singleLine` is asked for, which escapes them too.
 */
export function escapeTerminalText(
  text: string,
  options: { readonly singleLine?: boolean } = {},
): string {
  return text.replaceAll(UNSAFE, (character) => {
    const keeps = !options.singleLine && (character === "\n" || character === "\t");
    return keeps ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? "fffd"}}`;
  });
}

// Cc: C0, DEL and C1. Cf: bidirectional overrides, zero-width marks, tags. Zl, Zp: separators. Cs: lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
