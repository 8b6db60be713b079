import type { TextTemplate } from "@codemode/core";
import { parseTextTemplate } from "@codemode/core";

import { splitWords } from "./split-words.ts";

/** One argument of a template: texts and placeholders in turn, which are joined. */
export interface TemplateElement {
  readonly parts: TextTemplate;
  /** It stands behind a `--` of the template: no command reads it as an option. */
  readonly afterEnd: boolean;
}

/** Splits a template into arguments. Throws a `SyntaxError` whose message goes on after the key's name. */
export function parseTemplate(template: string): readonly TemplateElement[] {
  let afterEnd = false;
  return splitWords(template).map((word) => {
    const parts = parseTextTemplate(word);
    // An empty pair of quotes is an argument too.
    const element = { parts: parts.length === 0 ? [{ text: "" }] : parts, afterEnd };
    afterEnd ||= word === "--";
    return element;
  });
}
