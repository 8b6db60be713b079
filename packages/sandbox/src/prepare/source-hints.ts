/** What a source that does not parse may have been meant as. */
export function sourceHints(text: string): readonly string[] {
  if (/^\s*(def \w+\(.*\)|async def |from \w[\w.]* import |elif |print\()/m.test(text)) {
    return ["This looks like Python. Programs are TypeScript or JavaScript."];
  }
  if (/<\/\w|\/>/.test(text) && /(?:return|=>?|[(?:])\s*\(?\s*<\w|^\s*<\w/m.test(text)) {
    return ["JSX is not supported. Build the text with template literals."];
  }
  // Before a class, or a member of one.
  if (/@\w[\w.]*(?:\(.*\))?\s+(?:[a-z]+ )*(?:class\b|#?\w+\s*[(=:;!?<])/.test(text)) {
    return ["Decorators are not supported. Call the function on the class or method yourself."];
  }
  if (/^\s*(?:static )?accessor \w/m.test(text)) {
    return ["accessor fields are not supported. Write a getter and a setter."];
  }
  return [];
}
