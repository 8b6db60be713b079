/** A program without its comments and line breaks, to compare what the compiler makes of it. */
export function stripComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll("; }", " }")
    .trim();
}

/** Texts that try to end a comment, to break its line or to mislead who reads it. */
export const HOSTILE_TEXTS: readonly string[] = [
  "Matches **/*.ext and src/**/",
  "*/ evil(); /*",
  "**/*/ evil(); /*/",
  "*\u200b/ evil(); /*",
  "*\u0000/ evil();",
  "*\n/ evil();",
  "*\\/ evil();",
  "ends with *",
  "ends with /*",
  "line\u2028separator */ evil();",
  "paragraph\u2029separator\r\nevil();",
  "bell\u0007 escape\u001b[31m delete\u007f next\u0085line",
  "right to left \u202e/* lave ;)(live",
  "lone \ud800 surrogate",
  "// evil();\nevil();",
  "`${evil()}` </script> <!-- @ts-ignore --> # sourceMappingURL=evil",
  "/",
  "*",
  "",
];
