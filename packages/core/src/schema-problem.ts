import { didYouMean } from "./did-you-mean.ts";

/** What a schema library knows of a value that it refuses. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly expected?: unknown;
  readonly input?: unknown;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: unknown;
  readonly values?: unknown;
  readonly errors?: unknown;
}

/**
 * What is wrong with one value, in words that go on after its key: `must be a number, not a string`.
 * It is an error map of zod; `undefined` leaves the words to the schema. The value itself is never told.
 */
export function schemaProblem(issue: SchemaIssue): string | undefined {
  if (issue.code === "invalid_type") return typeProblem([issue.expected], issue.input);
  if (issue.code === "invalid_value") return choiceProblem(issue);
  if (issue.code === "invalid_union") return unionProblem(issue);
  if (issue.code === "too_small") {
    const least = issue.inclusive === false ? "more than" : "at least";
    return sizeProblem(issue, `${least} ${String(issue.minimum)}`, issue.minimum);
  }
  if (issue.code === "too_big") {
    const most = issue.inclusive === false ? "less than" : "at most";
    return sizeProblem(issue, `${most} ${String(issue.maximum)}`, issue.maximum);
  }
  return undefined;
}

const KINDS: ReadonlyMap<unknown, string> = new Map([
  ["string", "a string"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "an object"],
  ["record", "an object"],
  ["null", "null"],
]);

function typeProblem(expected: readonly unknown[], input: unknown): string | undefined {
  if (input === undefined) return "is missing";
  const kinds = new Set(expected.map((kind) => KINDS.get(kind)));
  if (kinds.has(undefined)) return undefined;
  return `must be ${[...kinds].join(" or ")}, not ${kindOf(input)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && !Number.isSafeInteger(value)) return "a fraction";
  return KINDS.get(typeof value) ?? typeof value;
}

function choiceProblem({ input, values }: SchemaIssue): string | undefined {
  if (input === undefined) return "is missing";
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const choices = values.map((value: unknown) => JSON.stringify(value));
  const last = choices.pop();
  const names = values.filter((value) => typeof value === "string");
  const hint = typeof input === "string" ? didYouMean(input, names) : "";
  return `must be ${choices.length === 0 ? "" : `${choices.join(", ")} or `}${last}.${hint}`.replace(
    /\.$/,
    "",
  );
}

/** Where no kind fits, the kinds; otherwise what is wrong by the one whose kind fits. */
function unionProblem({ input, errors }: SchemaIssue): string | undefined {
  if (input === undefined) return "is missing";
  if (!Array.isArray(errors)) return undefined;
  const branches: readonly (readonly UnionIssue[])[] = errors;
  const fitting = branches.find((issues) => !issues.some(isWrongKind));
  const [first] = fitting ?? [];
  if (first)
    return first.path.length === 0 ? first.message : `${first.path.join(".")} ${first.message}`;
  const expected = branches.flatMap((issues) => issues.filter(isWrongKind));
  return typeProblem(
    expected.map((issue) => issue.expected),
    input,
  );
}

interface UnionIssue extends SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function isWrongKind({ code, path }: UnionIssue): boolean {
  return code === "invalid_type" && path.length === 0;
}

function sizeProblem({ origin }: SchemaIssue, bound: string, count: unknown): string | undefined {
  const one = count === 1;
  if (origin === "string") return `must have ${bound} character${one ? "" : "s"}`;
  if (origin === "array") return `must have ${bound} entr${one ? "y" : "ies"}`;
  if (origin === "number" || origin === "int") return `must be ${bound}`;
  return undefined;
}
