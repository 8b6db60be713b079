import { splitWords } from "./split-words.ts";

/** One argument of a template: texts and placeholders in turn, which are joined. */
export interface TemplateElement {
  readonly parts: readonly TemplatePart[];
  /** It stands behind a `--` of the template: no command reads it as an option. */
  readonly afterEnd: boolean;
}

/** A piece of an argument. */
export type TemplatePart =
  | { readonly text: string }
  | { readonly text?: never; readonly name: string };

// `{{`, `}}`, `{name}`, and a brace that is none of these.
const BRACES = /\{\{|\}\}|\{([A-Za-z_]\w*)\}|[{}]/g;

/** Splits a template into arguments. Throws a `SyntaxError` whose message goes on after the key's name. */
export function parseTemplate(template: string): readonly TemplateElement[] {
  let afterEnd = false;
  return splitWords(template).map((word) => {
    const element = { parts: parseWord(word), afterEnd };
    afterEnd ||= word === "--";
    return element;
  });
}

/** The placeholders of a template in their order, each once. */
export function placeholdersOf(elements: readonly TemplateElement[]): readonly string[] {
  const names = elements.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.text === undefined ? [part.name] : [])),
  );
  return [...new Set(names)];
}

function parseWord(word: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = "";
  let end = 0;
  for (const match of word.matchAll(BRACES)) {
    const [found, name] = match;
    text += word.slice(end, match.index);
    end = match.index + found.length;
    if (name !== undefined) {
      if (text !== "") parts.push({ text });
      parts.push({ name });
      text = "";
    } else if (found.length === 2) text += found.charAt(0);
    else {
      const hint = `write "{name}" for an argument, and "{{" or "}}" for a brace`;
      throw new SyntaxError(`has a single "${found}" in ${JSON.stringify(word)}; ${hint}`);
    }
  }
  text += word.slice(end);
  // An empty pair of quotes is an argument too.
  if (text !== "" || parts.length === 0) parts.push({ text });
  return parts;
}
