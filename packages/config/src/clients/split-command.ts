const WORD = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+)|(\s+)/gs;

/** Splits a command line at its spaces; what is quoted stays together. Nothing else of a shell. */
export function splitCommand(line: string): readonly string[] {
  const words: string[] = [];
  let isNew = true;
  for (const [, double, single, bare, space] of line.matchAll(WORD)) {
    if (space !== undefined) {
      isNew = true;
      continue;
    }
    const piece = double?.replaceAll(/\\(["\\])/g, "$1") ?? single ?? bare ?? "";
    if (isNew) words.push(piece);
    else words.push((words.pop() ?? "") + piece);
    isNew = false;
  }
  return words;
}
