import { CORE_SCHEMA, load, mergeTag } from "js-yaml";

/** The value of a JSON or YAML text. Throws what says where it breaks: an `Error`, or a `YAMLException` with a mark. */
export function readDocumentText(given: string): unknown {
  // Editors of some systems begin a file with a byte order mark.
  const text = given.replace(/^\uFEFF/, "");
  if (/^\s*[[{]/.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      // YAML takes it too, and where it does not, it knows the line.
    }
  }
  const value = load(text, { schema: SCHEMA });
  // Only aliases can make more of a text than is in it.
  return ANCHOR.test(text) ? withinSize(value) : value;
}

// Dates stay texts, and `<<` merges: documents of all ages use it.
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

// What aliases refer to, or text that looks like it.
const ANCHOR = /[:,[{?-]\s+&[^\s&]/;

const MAX_VALUES = 10_000_000;

/** The same value. Throws a `RangeError` for one that holds itself, or so much of the same that nothing could walk through it. */
export function withinSize(value: unknown): unknown {
  // Each part is looked at once, however often it is held: that is what a bomb counts on.
  const sizes = new Map<object, number | "open">();
  const pending: object[] = partsOf([value]);
  for (let part = pending.at(-1); part !== undefined; part = pending.at(-1)) {
    const known = sizes.get(part);
    if (typeof known === "number") {
      pending.pop();
      continue;
    }
    const parts = partsOf(part);
    if (known === "open") {
      const size = parts.reduce((sum, one) => sum + Number(sizes.get(one)), 1);
      if (size > MAX_VALUES) throw new RangeError(TOO_MUCH);
      sizes.set(part, size);
      continue;
    }
    sizes.set(part, "open");
    for (const one of parts) {
      if (sizes.get(one) === "open") throw new RangeError(TOO_MUCH);
      if (!sizes.has(one)) pending.push(one);
    }
  }
  return value;
}

const TOO_MUCH = "its parts hold each other, so that it has no end or too many of them";

function partsOf(value: object): object[] {
  const values: unknown[] = Object.values(value);
  return values.filter((one) => typeof one === "object" && one !== null);
}
