import type { JsonSchema } from "@codemode/core";
import { isRecord } from "@codemode/core";

import { nestedSchemas } from "./nested-schemas.ts";

/** A schema with the place it has in its document: what references in it are relative to. */
export interface SchemaNode {
  readonly schema: JsonSchema;
  /** Absolute URI of the resource it stands in. */
  readonly base: string;
}

/** Draft 2020-12, or 7 and earlier; 2019-09 is read as the newer one with array-valued `items`. */
type Dialect = "draft7" | "2020-12";

/** A schema document: finds what its references point to. */
export interface SchemaDocument {
  readonly root: SchemaNode;
  readonly dialect: Dialect;
  /** `undefined` for what is not in the document. */
  resolve(reference: string, base: string): SchemaNode | undefined;
  /** Like `resolve`, where no other schema can take the anchor's place. */
  resolveDynamic(reference: string, base: string): SchemaNode | undefined;
  /** A node's place after its own `$id`. */
  enter(schema: JsonSchema, base: string): SchemaNode;
}

const ROOT = "schema://root/";
const MAX_DEPTH = 500;

/** Indexes a document by `$id`, `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, section 8.2). */
export function createSchemaDocument(schema: JsonSchema): SchemaDocument {
  const dialect = dialectOf(schema);
  const nodes = new Map<string, SchemaNode>();
  const dynamicAnchors = new Map<string, number>();

  const enter = (inner: JsonSchema, base: string): SchemaNode => {
    const id = idOf(inner, dialect);
    return { schema: inner, base: id === undefined ? base : absolute(id, base) };
  };
  const indexed = new Map<unknown, string>();
  const index = (inner: unknown, outerBase: string, depth: number): void => {
    if (!isSchema(inner) || typeof inner === "boolean" || depth > MAX_DEPTH) return;
    const { base } = enter(inner, outerBase);
    // Schemas made in this process can share parts, or go round in circles.
    if (indexed.get(inner) === base) return;
    indexed.set(inner, base);
    if (base !== outerBase || depth === 0) nodes.set(base, { schema: inner, base });
    const { $anchor, $dynamicAnchor, $id } = inner;
    for (const anchor of [$anchor, $dynamicAnchor]) {
      if (typeof anchor === "string") nodes.set(`${base}#${anchor}`, { schema: inner, base });
    }
    if (typeof $dynamicAnchor === "string") {
      dynamicAnchors.set($dynamicAnchor, (dynamicAnchors.get($dynamicAnchor) ?? 0) + 1);
    }
    if (dialect === "draft7" && typeof $id === "string" && $id.startsWith("#")) {
      nodes.set(`${base}${$id}`, { schema: inner, base });
    }
    for (const { schema: nested } of nestedSchemas(inner)) index(nested, base, depth + 1);
  };
  const root = enter(schema, ROOT);
  index(schema, ROOT, 0);
  nodes.set(ROOT, root);

  const resolve = (reference: string, base: string): SchemaNode | undefined => {
    const target = absolute(reference, base);
    const hash = target.indexOf("#");
    const resource = hash < 0 ? target : target.slice(0, hash);
    const fragment = hash < 0 ? "" : target.slice(hash + 1);
    const found = nodes.get(resource);
    if (fragment === "") return found;
    if (!fragment.startsWith("/")) return nodes.get(`${resource}#${decode(fragment)}`);
    return found && followPointer(found, decode(fragment), enter);
  };
  return {
    root,
    dialect,
    enter,
    resolve,
    resolveDynamic(reference, base) {
      const anchor = reference.slice(reference.indexOf("#") + 1);
      return (dynamicAnchors.get(anchor) ?? 0) > 1 ? undefined : resolve(reference, base);
    },
  };
}

function followPointer(
  from: SchemaNode,
  pointer: string,
  enter: (schema: JsonSchema, base: string) => SchemaNode,
): SchemaNode | undefined {
  let value: unknown = from.schema;
  let { base } = from;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
    if (isSchema(value)) ({ base } = enter(value, base));
  }
  return isSchema(value) ? { schema: value, base } : undefined;
}

function dialectOf(schema: JsonSchema): Dialect {
  const uri = typeof schema === "object" ? schema["$schema"] : undefined;
  return typeof uri === "string" && /draft-0?[3-7]\b/.test(uri) ? "draft7" : "2020-12";
}

function idOf(schema: JsonSchema, dialect: Dialect): string | undefined {
  if (typeof schema !== "object") return undefined;
  // In older drafts everything beside a reference is ignored.
  if (dialect === "draft7" && typeof schema["$ref"] === "string") return undefined;
  const { $id } = schema;
  return typeof $id === "string" && !$id.startsWith("#") ? $id : undefined;
}

/** Without an empty fragment, so that `x` and `x#` are one. */
function absolute(reference: string, base: string): string {
  try {
    return new URL(reference, base).href.replace(/#$/, "");
  } catch {
    // `urn:` bases take no relative references but fragments.
    return reference.startsWith("#")
      ? (base + reference).replace(/#$/, "")
      : reference.replace(/#$/, "");
  }
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    // With a broken percent sequence it is taken as it stands.
    return fragment;
  }
}

/** Whether a value can stand where a schema is wanted. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isRecord(value);
}
