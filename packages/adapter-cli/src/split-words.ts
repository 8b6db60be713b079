/** Words as a shell would split them: spaces part, quotes and backslashes keep together. No word is ever expanded. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\" && quote !== "'") {
      const next = text.charAt(index + 1);
      if (next === "") throw new SyntaxError("ends with a backslash");
      // Within double quotes only these lose their meaning by it.
      const keeps = quote === '"' && next !== '"' && next !== "\\";
      word = (word ?? "") + (keeps ? character : "") + next;
      index += 1;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new SyntaxError(`has a ${quote} that is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}
