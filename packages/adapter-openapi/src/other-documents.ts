import type { JsonRecord } from "./json-record.ts";

/** Reads the document at a URL, or gives `undefined` where it may not or cannot be read. */
export type DocumentReader = (url: URL) => Promise<unknown>;

// Real descriptions have some hundred files; more are a mistake.
const MAX_DOCUMENTS = 1_000;
const MEMBER = "x-other-documents";

/** Whether a text has references to other documents: most have none, and need no walk. */
export function hasOtherDocuments(text: string): boolean {
  return /\$ref["']?\s*:\s*["']?[^#"'\s]/.test(text);
}

/**
 * Takes the documents that one refers to into it, and points the references there. What cannot be read
 * stays a reference to the outside, which costs the operations that use it. Writes into `main`.
 */
export async function takeInDocuments(
  main: JsonRecord,
  url: URL,
  read: DocumentReader,
): Promise<JsonRecord> {
  const others = new Map<string, unknown>();
  // By an alias of YAML one may be met twice.
  const done = new WeakSet<ReferenceHolder>();
  const pending: { readonly value: unknown; readonly at: URL }[] = [{ value: main, at: url }];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { value, at } = next;
    for (const holder of referenceHolders(value)) {
      if (done.has(holder)) continue;
      done.add(holder);
      const target = new URL(holder.$ref, at);
      const pointer = target.hash.slice(1);
      target.hash = "";
      if (target.href === url.href) {
        holder.$ref = `#${pointer}`;
        continue;
      }
      const key = target.href;
      if (!others.has(key) && others.size < MAX_DOCUMENTS) {
        // oxlint-disable-next-line no-await-in-loop -- which documents there are is known from those before
        const other = await read(target);
        others.set(key, other);
        if (other !== undefined) pending.push({ value: other, at: target });
      }
      if (others.get(key) !== undefined)
        holder.$ref = `#/${MEMBER}/${escapePointer(key)}${pointer}`;
    }
  }
  return others.size === 0 ? main : { ...main, [MEMBER]: Object.fromEntries(others) };
}

interface ReferenceHolder {
  $ref: string;
}

/** All objects with a reference. In the data of an example it does no harm. */
function referenceHolders(root: unknown): readonly ReferenceHolder[] {
  const found: ReferenceHolder[] = [];
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isHolder(value)) found.push(value);
    for (const inner of Object.values(value)) pending.push(inner);
  }
  return found;
}

function isHolder(value: object): value is ReferenceHolder {
  return "$ref" in value && typeof value.$ref === "string" && URL.canParse(value.$ref, "file:///");
}

function escapePointer(key: string): string {
  return encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}
