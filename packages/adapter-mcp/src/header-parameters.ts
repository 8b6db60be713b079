import type { JsonSchema } from "@codemode/core";

const KEY = "x-mcp-header";
// Names of headers (RFC 9110).
const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
const TYPES: ReadonlySet<unknown> = new Set(["string", "integer", "boolean"]);
// What stands there is data, not schemas.
const DATA_KEYS: ReadonlySet<string> = new Set(["const", "default", "enum", "examples", KEY]);

/** Which arguments of a tool are sent as headers too (`Mcp-Param-*`), or what is wrong with that. */
export type HeaderParameters = { readonly count: number } | { readonly problem: string };

/** Reads a tool's input schema. A tool whose headers are not right must not be called over HTTP. */
export function readHeaderParameters(schema: JsonSchema): HeaderParameters {
  const names = new Set<string>();
  const problem = visit(schema, { names, isProperty: false, isReachable: true });
  return problem === undefined ? { count: names.size } : { problem };
}

interface Place {
  /** The headers so far, in small letters. */
  readonly names: Set<string>;
  readonly isProperty: boolean;
  /** Only `properties` lead here. */
  readonly isReachable: boolean;
}

function visit(node: unknown, place: Place): string | undefined {
  if (typeof node !== "object" || node === null) return undefined;
  if (!Array.isArray(node) && KEY in node) {
    const problem = problemOf(node, place);
    if (problem !== undefined) return problem;
  }
  for (const [key, value] of Object.entries<unknown>({ ...node })) {
    if (DATA_KEYS.has(key)) continue;
    const problem =
      key === "properties"
        ? visitAll(value, { ...place, isProperty: true })
        : visit(value, { ...place, isProperty: false, isReachable: false });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function visitAll(properties: unknown, place: Place): string | undefined {
  if (typeof properties !== "object" || properties === null) return undefined;
  for (const value of Object.values<unknown>({ ...properties })) {
    const problem = visit(value, place);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(
  node: { readonly [KEY]?: unknown; readonly type?: unknown },
  { names, isProperty, isReachable }: Place,
): string | undefined {
  const header = node[KEY];
  if (!isProperty || !isReachable) return `its "${KEY}" stands where it is no plain property`;
  if (typeof header !== "string" || !TOKEN.test(header))
    return `its "${KEY}" is no name of a header`;
  if (!TYPES.has(node.type)) return `its "${KEY}" is not on a string, an integer or a boolean`;
  if (names.has(header.toLowerCase())) return `two of its arguments are the same "${KEY}"`;
  names.add(header.toLowerCase());
  return undefined;
}
