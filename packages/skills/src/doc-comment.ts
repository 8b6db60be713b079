/** What a `/** *\/` comment says. */
export interface DocComment {
  readonly description: string;
  /** Texts of `@param name`, by name. */
  readonly params: ReadonlyMap<string, string>;
  /** First text of every other tag, by the tag's name in lower case. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Reads the inside of a doc comment, from behind `/*` to before `*\/`. */
export function readDocComment(inside: string): DocComment {
  const text = inside.replace(/^\*/, "");
  const lines = (text.includes("\n") ? text : text.split(INLINE_TAG).join("\n@"))
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  const first = lines.findIndex((line) => TAG.test(line));
  const end = first < 0 ? lines.length : first;
  const params = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const block of blocks(lines.slice(end))) {
    const [, tag = "", rest = ""] = TAG.exec(block) ?? [];
    const param = /^param(?:eter)?$/.test(tag) ? PARAM.exec(rest) : undefined;
    if (param) params.set(param[1] ?? "", unescapeComment((param[2] ?? "").trim()));
    else if (!tags.has(tag.toLowerCase()))
      tags.set(tag.toLowerCase(), unescapeComment(rest.trim()));
  }
  return { description: unescapeComment(lines.slice(0, end).join("\n").trim()), params, tags };
}

// On a single line tags stand behind the text.
const INLINE_TAG = /\s@(?=[A-Za-z])/;
const TAG = /^\s*@([A-Za-z][\w-]*)\s*([\s\S]*)$/;
// A type in braces, a name that may be optional, a hyphen.
const PARAM = /^(?:\{[^}]*\}\s*)?\[?([\w$.]+)(?:=[^\]]*)?\]?\s*(?:[-:]\s*)?([\s\S]*)$/;

function blocks(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const line of lines) {
    if (TAG.test(line)) found.push(line);
    else found.push(`${found.pop() ?? ""}\n${line}`);
  }
  return found;
}

/** A doc comment that reads as it is given. */
export function formatDocComment(doc: DocComment): string {
  const params = [...doc.params].map(([name, text]) => `@param ${name} ${escapeTags(text)}`);
  const tags = [...doc.tags].map(([name, text]) => `@${name} ${escapeTags(text)}`);
  const tagged = [...params, ...tags].map((line) => line.trimEnd());
  const body = [
    ...(doc.description === "" ? [] : [escapeTags(doc.description)]),
    ...(doc.description !== "" && tagged.length > 0 ? [""] : []),
    ...tagged,
  ];
  const lines = escapeEnd(body.join("\n")).split("\n");
  const [only = ""] = lines;
  const fits = lines.length === 1 && /^[^\s*]/.test(only) && !INLINE_TAG.test(only);
  if (fits) return `/** ${only} */`;
  return ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

/** A line of text that begins as a tag does would be read as one. */
function escapeTags(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .trim()
    .replaceAll(/^(\s*)(\\*)@/gm, "$1\\$2@");
}

function escapeEnd(text: string): string {
  return text.replaceAll(/\*(\\*)\//g, "*\\$1/");
}

function unescapeComment(text: string): string {
  return text.replaceAll(/\*\\(\\*)\//g, "*$1/").replaceAll(/^(\s*)\\(\\*)@/gm, "$1$2@");
}
