import { MIMEType } from "node:util";

/** How a body of some media type is written and read. */
export type BodyKind = "json" | "form" | "multipart" | "text" | "binary";

/** Which of the kinds a media type or range is. */
export function bodyKind(mediaType: string): BodyKind {
  const essence = essenceOf(mediaType);
  if (/^(\*|application)\/(\*|json)$|[/+]json$|^application\/json-/.test(essence)) return "json";
  if (essence === "application/x-www-form-urlencoded") return "form";
  if (essence.startsWith("multipart/")) return "multipart";
  if (
    /^text\/|^application\/(xml|yaml|x-yaml|javascript|graphql|x-ndjson|jsonl)$|[+](xml|yaml)$/.test(
      essence,
    )
  )
    return "text";
  return "binary";
}

/** Type and subtype in lower case, without parameters. */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** The charset that a media type names. */
export function charsetOf(mediaType: string): string {
  try {
    return new MIMEType(mediaType).params.get("charset") ?? "utf-8";
  } catch {
    // What cannot be read names none.
    return "utf-8";
  }
}

const PREFERRED: readonly BodyKind[] = ["json", "form", "multipart", "text", "binary"];

/** The one that programs write most easily: JSON, forms, text, bytes. */
export function chooseMediaType(mediaTypes: readonly string[]): string | undefined {
  return sortMediaTypes(mediaTypes)[0];
}

/** The same order, for all. */
export function sortMediaTypes(mediaTypes: readonly string[]): readonly string[] {
  return mediaTypes.toSorted((a, b) => rank(a) - rank(b));
}

/** Plain JSON stands before its relatives. */
function rank(mediaType: string): number {
  const isRelative = essenceOf(mediaType) !== "application/json";
  return PREFERRED.indexOf(bodyKind(mediaType)) * 2 + Number(isRelative);
}
