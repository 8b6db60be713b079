import type { JsonValue } from "@codemode/core";
import { isRecord } from "@codemode/core";

import type { Parameter, ParameterStyle } from "./read-parameters.ts";

/** How one value is to be written. */
export interface ValueForm {
  readonly name: string;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Escapes a name or a value for its place; the separators are added after. */
  readonly escape: (text: string) => string;
}

/** A scalar as text: `null` is empty, what is nested deeper is JSON. */
export function scalarText(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The value as the styles of path and header have it: `simple`, `label` and `matrix`. */
export function pathText(value: JsonValue, form: ValueForm): string {
  const { style, explode, name, escape } = form;
  const key = escape(name);
  if (style === "simple")
    return joined(value, { form, pairSign: explode ? "=" : ",", separator: "," });
  if (style === "label") {
    const separator = explode ? "." : ",";
    return `.${joined(value, { form, pairSign: explode ? "=" : ",", separator })}`;
  }
  if (!explode || !isContainer(value)) {
    const text = joined(value, { form, pairSign: ",", separator: "," });
    return text === "" ? `;${key}` : `;${key}=${text}`;
  }
  if (Array.isArray(value))
    return value.map((item) => `;${key}=${escape(scalarText(item))}`).join("");
  return pairsOf(value)
    .map(([field, item]) => `;${escape(field)}=${escape(scalarText(item))}`)
    .join("");
}

/** The name-value pairs of a query, a cookie or a form. They are escaped already. */
export function queryPairs(
  value: JsonValue,
  form: ValueForm,
): readonly (readonly [string, string])[] {
  const { style, explode, name, escape } = form;
  const key = escape(name);
  if (!isContainer(value)) return [[key, escape(scalarText(value))]];
  if (style === "deepObject") return deepPairs(value, key, escape);
  if (Array.isArray(value)) {
    if (explode) return value.map((item) => [key, escape(scalarText(item))]);
    if (value.length === 0) return [];
    return [[key, value.map((item) => escape(scalarText(item))).join(separatorOf(style))]];
  }
  const pairs = pairsOf(value);
  if (explode) return pairs.map(([field, item]) => [escape(field), escape(scalarText(item))]);
  if (pairs.length === 0) return [];
  const separator = separatorOf(style);
  const parts = pairs.flatMap(([field, item]) => [escape(field), escape(scalarText(item))]);
  return [[key, parts.join(separator)]];
}

/** `filter[color]=red`, and what servers read of deeper values: `filter[size][min]=1`, `filter[tags][0]=a`. */
function deepPairs(
  value: JsonValue,
  key: string,
  escape: (text: string) => string,
): readonly (readonly [string, string])[] {
  if (!isContainer(value)) return [[key, escape(scalarText(value))]];
  return pairsOf(value).flatMap(([field, item]) =>
    deepPairs(item, `${key}[${escape(field)}]`, escape),
  );
}

// A space and a pipe have to be escaped in a URL.
function separatorOf(style: ParameterStyle): string {
  if (style === "spaceDelimited") return "%20";
  return style === "pipeDelimited" ? "%7C" : ",";
}

interface JoinOptions {
  readonly form: ValueForm;
  readonly pairSign: string;
  readonly separator: string;
}

function joined(value: JsonValue, { form, pairSign, separator }: JoinOptions): string {
  const { escape } = form;
  if (!isContainer(value)) return escape(scalarText(value));
  if (Array.isArray(value)) return value.map((item) => escape(scalarText(item))).join(separator);
  return pairsOf(value)
    .map(([field, item]) => `${escape(field)}${pairSign}${escape(scalarText(item))}`)
    .join(separator);
}

function isContainer(
  value: JsonValue,
): value is Exclude<JsonValue, string | number | boolean | null> {
  return Array.isArray(value) || isRecord(value);
}

function pairsOf(value: object): readonly (readonly [string, JsonValue])[] {
  return Object.entries(value);
}

/** Escapes everything that has a meaning in a URL, or with `allowReserved` only what a query cannot hold. */
export function queryEscape({
  allowReserved,
}: Pick<Parameter, "allowReserved">): (text: string) => string {
  if (!allowReserved) return escapeUrl;
  // `&`, `#` and `+` would end the value or change it.
  return (text) =>
    escapeUrl(text).replaceAll(
      /%(3A|2F|3F|5B|5D|40|21|24|27|28|29|2A|2C|3B|3D)/g,
      decodeURIComponent,
    );
}

/** RFC 3986: only unreserved characters stay. */
export function escapeUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase() ?? ""}`,
  );
}
