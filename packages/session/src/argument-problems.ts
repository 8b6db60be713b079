import type { OutputUnit } from "@cfworker/json-schema";
import type { JsonSchema } from "@codemode/core";
import { didYouMean } from "@codemode/core";

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
): readonly string[] {
  const byPlace = new Map<string, Set<string>>();
  for (const error of errors) {
    const text = describe(error, schema);
    if (text === undefined) continue;
    const place = placeOf(error);
    const texts = byPlace.get(place) ?? new Set();
    byPlace.set(place, texts.add(text));
  }
  const problems = [...byPlace].map(([place, texts]) => {
    const text = [...texts].join(", or ");
    return place === "" ? text : `${place}: ${text}`;
  });
  if (problems.length === 0) return ["they do not fit its input schema"];
  const more = problems.length - MAX_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `and ${more} more`] : problems;
}

function describe(error: OutputUnit, schema: JsonSchema): string | undefined {
  const { keyword } = error;
  if (CONTAINERS.has(keyword)) return undefined;
  if (keyword === "required") {
    const name = /"(.*)"/s.exec(error.error)?.[1];
    return name === undefined ? "a required property is missing" : `"${name}" is required`;
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
  return error.error.replace(/^Instance/, "value").replace(/\.$/, "");
}

function suggest(error: OutputUnit, schema: JsonSchema): string {
  const name = placeOf(error);
  const properties = typeof schema === "object" ? schema["properties"] : undefined;
  return typeof properties === "object" && properties !== null
    ? didYouMean(name, Object.keys(properties))
    : "";
}

/** `#/items/0/name` -> `items.0.name`. */
function placeOf(error: OutputUnit): string {
  return error.instanceLocation
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}
