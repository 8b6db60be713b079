/** A text with placeholders: texts and names in turn. */
export type TextTemplate = readonly ({ readonly text: string } | { readonly name: string })[];

// `{{`, `}}`, `{name}`, and a brace that is none of these.
const BRACES = /\{\{|\}\}|\{([A-Za-z_]\w*)\}|[{}]/g;

/** Reads a template. Throws a `SyntaxError` whose message goes on after the key's name. */
export function parseText(template: string): TextTemplate {
  const parts: ({ readonly text: string } | { readonly name: string })[] = [];
  let text = "";
  let end = 0;
  for (const match of template.matchAll(BRACES)) {
    const [found, name] = match;
    text += template.slice(end, match.index);
    end = match.index + found.length;
    if (name !== undefined) {
      if (text !== "") parts.push({ text });
      parts.push({ name });
      text = "";
    } else if (found.length === 2) text += found.charAt(0);
    else {
      const hint = 'write "{name}" for an argument, and "{{" or "}}" for a brace';
      throw new SyntaxError(`has a single "${found}"; ${hint}`);
    }
  }
  text += template.slice(end);
  if (text !== "") parts.push({ text });
  return parts;
}

/** The names of its placeholders. */
export function namesIn(template: TextTemplate): readonly string[] {
  return template.flatMap((part) => ("name" in part ? [part.name] : []));
}

/** The one placeholder that the whole text is, if it is that. */
export function soleName(template: TextTemplate): string | undefined {
  const [part] = template;
  return template.length === 1 && part && "name" in part ? part.name : undefined;
}

/** Fills a template in. Gives `undefined` where a value is missing. */
export function fillText(
  template: TextTemplate,
  valueOf: (name: string) => string | undefined,
): string | undefined {
  let filled = "";
  for (const part of template) {
    const text = "text" in part ? part.text : valueOf(part.name);
    if (text === undefined) return undefined;
    filled += text;
  }
  return filled;
}
