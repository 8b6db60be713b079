/** A piece of a template: a text as it is, or the name of a placeholder. */
type TemplatePart = { readonly text: string } | { readonly name: string };

/** A text with placeholders: texts and names in turn. */
export type TextTemplate = readonly TemplatePart[];

// `{{`, `}}`, `{name}`, and a brace that is none of these.
const BRACES = /\{\{|\}\}|\{([A-Za-z_]\w*)\}|[{}]/g;

/**
 * Reads a text with placeholders `{name}`, in which `{{` and `}}` are braces. Throws a `SyntaxError`
 * whose message goes on after the name of the key that the text stands in.
 */
export function parseTextTemplate(template: string): TextTemplate {
  const parts: TemplatePart[] = [];
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

/** The names of the placeholders in their order, each once. */
export function placeholdersOf(parts: TextTemplate): readonly string[] {
  return [...new Set(parts.flatMap((part) => ("name" in part ? [part.name] : [])))];
}
