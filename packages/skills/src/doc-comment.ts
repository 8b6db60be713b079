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
  const lines = inside
    .replace(/^\*/, "")
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
  const params = [...doc.params].map(([name, text]) => `@param ${name} ${text}`.trimEnd());
  const tags = [...doc.tags].map(([name, text]) => `@${name} ${text}`.trimEnd());
  const tagged = [...params, ...tags];
  const body = [
    // A description's line that begins as a tag does would be read as one.
    ...(doc.description === "" ? [] : [doc.description.replaceAll(/^(\s*)@/gm, "$1\\@")]),
    ...(doc.description !== "" && tagged.length > 0 ? [""] : []),
    ...tagged,
  ];
  const lines = escapeComment(body.join("\n")).split("\n");
  if (lines.length === 1) return `/** ${lines[0]?.trim() ?? ""} */`;
  return ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

function escapeComment(text: string): string {
  return text.replaceAll("*/", "*\\/").replaceAll(/[\u2028\u2029\r]/g, " ");
}

function unescapeComment(text: string): string {
  return text.replaceAll("*\\/", "*/").replaceAll(/^(\s*)\\@/gm, "$1@");
}
