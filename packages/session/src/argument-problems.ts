import type { OutputUnit } from "@cfworker/json-schema";
import type { JsonObject, JsonSchema } from "@codemode/core";
import { didYouMean, nearestNames } from "@codemode/core";

const MAX_PROBLEMS = 10;

/** What only repeats that something further down is wrong. */
const CONTAINERS: ReadonlySet<string> = new Set(
  (
    "properties patternProperties additionalProperties items prefixItems additionalItems allOf " +
    "$ref $dynamicRef unevaluatedProperties unevaluatedItems dependentSchemas if then else contains"
  ).split(" "),
);

/** One line for each place that is wrong: `mode: must be one of ["a","b"]`. */
export function describeProblems(
  errors: readonly OutputUnit[],
  schema: JsonSchema,
  args: JsonObject,
): readonly string[] {
  const byPlace = new Map<string, Map<string, Set<string>>>();
  for (const error of errors) {
    const text = describe(error, schema, args);
    if (text === undefined) continue;
    const branches = entry(byPlace, placeOf(error), () => new Map<string, Set<string>>());
    entry(branches, branchOf(error), () => new Set<string>()).add(text);
  }
  const problems = [...byPlace].flatMap(([place, branches]) =>
    problemsOf(branches).map((text) => (place === "" ? text : `${place}: ${text}`)),
  );
  if (problems.length === 0) return ["they do not fit its input schema"];
  const more = problems.length - MAX_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `and ${more} more`] : problems;
}

/** What holds in any case, each by itself; then what one of several alternatives asks for. */
function problemsOf(branches: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const alternatives = [...branches]
    .filter(([branch]) => branch !== "")
    .map(([, texts]) => [...texts].join(" and "));
  const certain = branches.get("") ?? [];
  return alternatives.length === 0
    ? [...certain]
    : [...certain, [...new Set(alternatives)].join(", or ")];
}

/** The alternative of an `anyOf` or `oneOf` that a problem belongs to, empty where to none. */
function branchOf(error: OutputUnit): string {
  return /^.*\/(?:anyOf|oneOf)\/\d+/s.exec(error.keywordLocation)?.[0] ?? "";
}

function entry<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}

function describe(error: OutputUnit, schema: JsonSchema, args: JsonObject): string | undefined {
  const { keyword } = error;
  if (CONTAINERS.has(keyword)) return undefined;
  if (keyword === "required") {
    const name = /"(.*)"/s.exec(error.error)?.[1];
    if (name === undefined) return "a required property is missing";
    return `"${name}" is required${placeOf(error) === "" ? mistyped(name, schema, args) : ""}`;
  }
  if (keyword === "false") return `no such parameter.${suggest(error, schema)}`.replace(/\.$/, "");
  if (keyword === "anyOf" || keyword === "oneOf") return undefined;
  if (keyword === "type") {
    const [, actual, expected] =
      /type "(.*)" is invalid\. Expected (.*)\.$/s.exec(error.error) ?? [];
    if (actual && expected) return `must be ${expected.replaceAll('"', "")}, not ${actual}`;
  }
  if (keyword === "enum" || keyword === "const") {
    return error.error
      .replace(/^Instance does not match( any of)? /, "must be$1 ")
      .replace(" any of", " one of")
      .replace(/\.$/, "");
  }
  const asked = keywordValue(error, schema);
  if (keyword === "pattern" && typeof asked === "string")
    return `must match the pattern ${JSON.stringify(asked.slice(0, 200))}`;
  if (keyword === "maxProperties" && typeof asked === "number")
    return `must have at most ${asked} properties`;
  return error.error.replace(/^Instance/, "value").replace(/\.$/, "");
}

/** What the schema says at a problem's keyword; nothing where references lead there. */
function keywordValue(error: OutputUnit, schema: JsonSchema): unknown {
  let value: unknown = schema;
  for (const part of pointerParts(error.keywordLocation))
    value = new Map(Object.entries(Object(value))).get(part);
  return value;
}

function suggest(error: OutputUnit, schema: JsonSchema): string {
  return didYouMean(placeOf(error), propertyNames(schema));
}

/** Which argument that the tool does not know was probably meant. */
function mistyped(name: string, schema: JsonSchema, args: JsonObject): string {
  const known = new Set(propertyNames(schema));
  const unknown = Object.keys(args).filter((given) => !known.has(given));
  const [nearest] = nearestNames(name, unknown);
  return nearest === undefined ? "" : ` (instead of ${JSON.stringify(nearest)}?)`;
}

function propertyNames(schema: JsonSchema): readonly string[] {
  const properties = typeof schema === "object" ? schema["properties"] : undefined;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

/** `#/items/0/name` -> `items.0.name`. */
function placeOf(error: OutputUnit): string {
  return pointerParts(error.instanceLocation).join(".");
}

function pointerParts(pointer: string): readonly string[] {
  return pointer
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
