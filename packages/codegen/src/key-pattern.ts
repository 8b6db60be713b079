// A regular expression of an untrusted schema is never run: only these plain forms are understood.
const PLAIN =
  /^(\^?)((?:[A-Za-z0-9_ @:;,=<>!#%&~"'/-]|\\[.\-/_$^*+?()[\]{}|])*)(\.\*|\*|\+)?(\$?)$/;
const MAX_LENGTH = 500;

interface PlainPattern {
  readonly text: string;
  readonly fromStart: boolean;
  readonly toEnd: boolean;
  /** Whether the form says all of the pattern; otherwise it admits more. */
  readonly exact: boolean;
}

function readPattern(pattern: string): PlainPattern | undefined {
  if (pattern.length > MAX_LENGTH) return undefined;
  const [, start, body, tail, end] = PLAIN.exec(pattern) ?? [];
  if (body === undefined) return undefined;
  const plain = body.replaceAll(/\\(.)/g, "$1");
  // `x*` may be nothing, `x+` is one and more; up to an end there is more to them than a start.
  const text = tail === "*" ? plain.slice(0, -1) : plain;
  const exact = tail === undefined || tail === ".*" || end === "";
  return { text, fromStart: start === "^", toEnd: end === "$" && tail === undefined, exact };
}

/** A template type of texts, for example `x-${string}`. */
export interface TextTemplate {
  readonly template: string;
  /** Whether all texts of the template match the pattern. */
  readonly exact: boolean;
}

/** The template that every matching text has; `undefined` where there is none but any text. */
export function templateOf(pattern: string): TextTemplate | undefined {
  const plain = readPattern(pattern);
  if (
    !plain ||
    plain.text.includes("$") ||
    (plain.text === "" && !(plain.fromStart && plain.toEnd))
  )
    return undefined;
  const { text, fromStart, toEnd, exact } = plain;
  const start = fromStart ? "" : "${string}";
  const end = toEnd ? "" : "${string}";
  return { template: `${start}${text}${end}`, exact };
}

/** Whether every name matches. */
export function matchesAll(pattern: string): boolean {
  const plain = readPattern(pattern);
  return (
    plain !== undefined && plain.text === "" && plain.exact && !(plain.fromStart && plain.toEnd)
  );
}

/** Whether a name matches; `undefined` where that is not known. */
export function matchesPattern(name: string, pattern: string): boolean | undefined {
  const plain = readPattern(pattern);
  if (!plain) return undefined;
  const { text, fromStart, toEnd, exact } = plain;
  const matches =
    fromStart && toEnd
      ? name === text
      : fromStart
        ? name.startsWith(text)
        : toEnd
          ? name.endsWith(text)
          : name.includes(text);
  return matches && !exact ? undefined : matches;
}

/** Whether a text is of a template, as the compiler sees it. */
export function matchesTemplate(text: string, template: string): boolean {
  const parts = template.split("${string}");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return text === template;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const between = text.slice(first.length, text.length - last.length);
  return parts.slice(1, -1).every((part) => between.indexOf(part) >= 0);
}

/** Whether no text is of both templates. */
export function areDisjoint(a: string, b: string): boolean {
  const [one, other] = [a.split("${string}"), b.split("${string}")];
  const [startA = "", startB = ""] = [one[0], other[0]];
  const [endA = "", endB = ""] = [one.at(-1), other.at(-1)];
  const starts = startA.startsWith(startB) || startB.startsWith(startA);
  const ends = endA.endsWith(endB) || endB.endsWith(endA);
  return !starts || !ends;
}
