import { z } from "zod";

/** What is read of a JSON Schema on the way to a place. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly additionalProperties?: SchemaNode | boolean | undefined;
  readonly items?: SchemaNode | undefined;
}

/** The keys that an object at this place of a document can have: for suggestions. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod types its JSON Schemas by every keyword; three are read here
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode;
  let node: SchemaNode | undefined = root;
  for (const key of path) node = node && below(node, key);
  return Object.keys(node?.properties ?? {});
}

function below(node: SchemaNode, key: PropertyKey): SchemaNode | undefined {
  if (typeof key === "number") return node.items;
  const named = node.properties?.[String(key)];
  if (named) return named;
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
}
