import type { TextTemplate } from "@codemode/core";

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
