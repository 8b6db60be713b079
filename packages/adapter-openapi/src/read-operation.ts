import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";
import { listAt, recordAt, textAt } from "./json-record.ts";
import type { ListedOperation } from "./list-operations.ts";
import { chooseMediaType } from "./media-type.ts";
import type { Parameter } from "./read-parameters.ts";
import { assignArguments, readParameters } from "./read-parameters.ts";
import type { OperationAnswer } from "./read-responses.ts";
import { readAnswer } from "./read-responses.ts";
import { follow, OperationProblem } from "./references.ts";
import type { SpecSource } from "./spec-source.ts";

/** What is sent beside parameters. */
export interface RequestBody {
  readonly required: boolean;
  /** The one of the document's media types that is sent. May be a range like `image/*`. */
  readonly mediaType: string;
  readonly schema: unknown;
  /** How the fields of forms are written, by name. */
  readonly encoding: JsonRecord;
  readonly description: string | undefined;
}

/** The security schemes that are needed together, with the scopes of each. */
export type SecurityNeed = ReadonlyMap<string, readonly string[]>;

/** An operation with all that a call needs; its schemas still refer to the document. */
export interface Operation extends ListedOperation {
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | undefined;
  readonly answer: OperationAnswer;
  /** Any one of them will do. */
  readonly security: readonly SecurityNeed[];
  /** The server objects that hold for it, the first being the usual one. */
  readonly servers: readonly unknown[];
  readonly isDeprecated: boolean;
}

/** Resolves an operation's own references and checks it. Throws an `OperationProblem`. */
export function readOperation(source: SpecSource, listed: ListedOperation): Operation {
  const { document } = source;
  const { raw, pathItem, method } = listed;
  const modern = source.toModernOperation(method, resolved(source, listed));
  // Of a GET with a body HTTP says nothing, and it is not sent.
  const body = method === "get" || method === "head" ? undefined : readBody(modern["requestBody"]);
  const parameters = readParameters(listAt(modern, "parameters"), listed.path);
  return {
    ...listed,
    parameters: assignArguments(parameters, body !== undefined),
    body,
    answer: readAnswer(recordAt(modern, "responses")),
    security: readSecurity(raw["security"] ?? document["security"]),
    servers:
      [raw, pathItem, document]
        .map((holder) => listAt(holder, "servers"))
        .find((servers) => servers.length > 0) ?? [],
    isDeprecated: raw["deprecated"] === true,
  };
}

/** The operation with the path's parameters, and without references but those of schemas. */
function resolved({ document }: SpecSource, { raw, pathItem }: ListedOperation): JsonRecord {
  const own = objectsOf(document, raw, "parameters");
  const shared = objectsOf(document, pathItem, "parameters").filter(
    (one) => !own.some((other) => other["name"] === one["name"] && other["in"] === one["in"]),
  );
  const responses = Object.entries(recordAt(raw, "responses"))
    .filter(([status]) => !status.startsWith("x-"))
    .map(([status, value]) => [
      status,
      withoutExtras(follow(document, value, `a response "${status}"`)),
    ]);
  const body = raw["requestBody"];
  return {
    parameters: [...shared, ...own],
    responses: Object.fromEntries(responses),
    ...(body === undefined ? {} : { requestBody: follow(document, body, "a request body") }),
    ...(raw["consumes"] === undefined ? {} : { consumes: raw["consumes"] }),
    ...(raw["produces"] === undefined ? {} : { produces: raw["produces"] }),
  };
}

/** Headers, links and examples of responses are of no use here. */
function withoutExtras({
  headers: _headers,
  links: _links,
  examples: _examples,
  ...rest
}: JsonRecord): JsonRecord {
  return rest;
}

function objectsOf(document: JsonRecord, holder: JsonRecord, key: string): readonly JsonRecord[] {
  const value = holder[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new OperationProblem(`has "${key}" that are no list`);
  return value.map((item) => follow(document, item, "a parameter"));
}

function readBody(value: unknown): RequestBody | undefined {
  if (!isRecord(value)) return undefined;
  const content = recordAt(value, "content");
  const mediaType = chooseMediaType(Object.keys(content));
  if (mediaType === undefined) return undefined;
  const chosen = recordAt(content, mediaType);
  return {
    required: value["required"] === true,
    mediaType,
    schema: chosen["schema"],
    encoding: recordAt(chosen, "encoding"),
    description: textAt(value, "description"),
  };
}

function readSecurity(value: unknown): readonly SecurityNeed[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((need) => {
    const entries = Object.keys(need).map((scheme) => {
      const scopes = listAt(need, scheme).filter((scope) => typeof scope === "string");
      return [scheme, scopes] as const;
    });
    return new Map(entries);
  });
}
