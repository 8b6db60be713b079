/** What a source that does not parse may have been meant as. */
export function sourceHints(text: string): readonly string[] {
  if (/^\s*(def \w+\(.*\)|async def |from \w[\w.]* import |elif |print\()/m.test(text)) {
    return ["This looks like Python. Programs are TypeScript or JavaScript."];
  }
  if (/<\/\w|\/>/.test(text) && /(?:return|=>?|[(?:])\s*\(?\s*<\w|^\s*<\w/m.test(text)) {
    return ["JSX is not supported. Build the text with template literals."];
  }
  return [];
}
