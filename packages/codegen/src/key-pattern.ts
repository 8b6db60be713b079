// A regular expression of an untrusted schema is never run: only these plain forms are understood.
const PLAIN =
  /^(\^?)((?:[A-Za-z0-9_ @:;,=<>!#%&~"'`/-]|\\[.\-/_$^*+?()[\]{}|\\])*)(\.\*|\*|\+)?(\$?)$/;

interface PlainPattern {
  readonly text: string;
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

function readPattern(pattern: string): PlainPattern | undefined {
  const [, start, body, any, end] = PLAIN.exec(pattern.slice(0, 500)) ?? [];
  if (body === undefined || pattern.length > 500) return undefined;
  return {
    text: body.replaceAll(/\\(.)/g, "$1"),
    fromStart: start === "^",
    toEnd: end === "$" && any === undefined,
  };
}

/** The template of all texts that match, for example `x-${string}`; `undefined` where it cannot be said. */
export function templateOf(pattern: string): string | undefined {
  const plain = readPattern(pattern);
  if (!plain || /[`$\\]/.test(plain.text)) return undefined;
  const { text, fromStart, toEnd } = plain;
  if (fromStart && toEnd) return text;
  if (fromStart) return `${text}\${string}`;
  if (toEnd) return `\${string}${text}`;
  return `\${string}${text}\${string}`;
}

/** Whether a name matches; `undefined` where the pattern is not understood. */
export function matchesPattern(name: string, pattern: string): boolean | undefined {
  const plain = readPattern(pattern);
  if (!plain) return undefined;
  const { text, fromStart, toEnd } = plain;
  if (fromStart && toEnd) return name === text;
  if (fromStart) return name.startsWith(text);
  return toEnd ? name.endsWith(text) : name.includes(text);
}
