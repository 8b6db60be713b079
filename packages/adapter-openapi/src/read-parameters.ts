import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";
import { recordAt, textAt } from "./json-record.ts";
import { OperationProblem } from "./references.ts";

/** Where a parameter stands in a request. */
type ParameterPlace = "path" | "query" | "header" | "cookie";

/** How values are written. */
export type ParameterStyle =
  | "matrix"
  | "label"
  | "simple"
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject";

/** One parameter, with the defaults of the specification. */
export interface Parameter {
  /** Its name among the tool's arguments. */
  readonly argument: string;
  readonly name: string;
  readonly place: ParameterPlace;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: unknown;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Characters with a meaning in URLs are sent as they are. */
  readonly allowReserved: boolean;
  /** Where the value is written as a document of its own, usually JSON. */
  readonly mediaType: string | undefined;
}

const STYLES: Readonly<Record<ParameterPlace, readonly ParameterStyle[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
};
// Content negotiation, security schemes and the connection itself have these.
const RESERVED_HEADERS = new Set(
  "accept authorization connection content-length content-type expect host keep-alive te trailer transfer-encoding upgrade".split(
    " ",
  ),
);

/** The parameters that a request can have. Throws an `OperationProblem`. */
export function readParameters(values: readonly unknown[], path: string): readonly Parameter[] {
  const named = new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name));
  const declared = values
    // What generators leave of an empty row: nobody can give it, and nobody misses it.
    .filter((value) => !isRecord(value) || value["name"] !== "" || value["required"] === true)
    .map(readParameter)
    .filter(({ place, name }) => place !== "path" || named.has(name))
    .filter(({ place, name }) => place !== "header" || !RESERVED_HEADERS.has(name.toLowerCase()));
  const inPath = new Set(declared.filter(({ place }) => place === "path").map(({ name }) => name));
  const missing = [...named].filter((name) => !inPath.has(name));
  const added = missing.map((name) =>
    readParameter({ name, in: "path", schema: { type: "string" } }),
  );
  return [...declared, ...added];
}

function readParameter(value: unknown): Parameter {
  const raw = isRecord(value) ? value : {};
  const { name, in: place } = raw;
  if (typeof name !== "string" || name === "")
    throw new OperationProblem("has a parameter without a name");
  const shown = JSON.stringify(name);
  if (!isPlace(place))
    throw new OperationProblem(
      `has a parameter ${shown} in ${JSON.stringify(place)}, which is no place for one`,
    );
  if ((place === "header" || place === "cookie") && !TOKEN.test(name))
    throw new OperationProblem(`has a parameter ${shown} that is no name of a ${place}`);
  const style = readStyle(raw, place, shown);
  const [mediaType] = Object.keys(recordAt(raw, "content"));
  const schema =
    mediaType === undefined
      ? raw["schema"]
      : recordAt(recordAt(raw, "content"), mediaType)["schema"];
  return {
    argument: name,
    name,
    place,
    required: place === "path" || raw["required"] === true,
    description: textAt(raw, "description"),
    schema: schema ?? {},
    style,
    explode: typeof raw["explode"] === "boolean" ? raw["explode"] : style === "form",
    allowReserved: raw["allowReserved"] === true,
    mediaType,
  };
}

// The names of headers and cookies, as HTTP has them.
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

function isPlace(value: unknown): value is ParameterPlace {
  return typeof value === "string" && Object.hasOwn(STYLES, value);
}

function readStyle(raw: JsonRecord, place: ParameterPlace, shown: string): ParameterStyle {
  const given = raw["style"];
  const [usual = "form", ...others] = STYLES[place];
  if (given === undefined) return usual;
  const style = [usual, ...others].find((one) => one === given);
  if (style !== undefined) return style;
  throw new OperationProblem(
    `has a parameter ${shown} of style ${JSON.stringify(given)}; in ${place} there is ${STYLES[place].join(", ")}`,
  );
}

const ORDER: readonly ParameterPlace[] = ["path", "query", "header", "cookie"];

/** Names of their own: of equal ones the first of path, query, header, cookie keeps it, the others get `_header` and the like. */
export function assignArguments(
  parameters: readonly Parameter[],
  hasBody: boolean,
): readonly Parameter[] {
  const names = new Set(parameters.map(({ name }) => name));
  const taken = new Set(hasBody ? ["body"] : []);
  const sorted = parameters.toSorted((a, b) => ORDER.indexOf(a.place) - ORDER.indexOf(b.place));
  const byParameter = new Map<Parameter, string>();
  for (const parameter of sorted) {
    const { name, place } = parameter;
    let argument = name;
    for (let n = 1; taken.has(argument) || (argument !== name && names.has(argument)); n += 1)
      argument = n === 1 ? `${name}_${place}` : `${name}_${place}_${n}`;
    taken.add(argument);
    byParameter.set(parameter, argument);
  }
  return parameters.map((parameter) =>
    Object.assign({}, parameter, { argument: byParameter.get(parameter) ?? parameter.name }),
  );
}
