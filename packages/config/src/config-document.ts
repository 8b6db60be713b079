import type { Node as JsonNode, ParseError } from "jsonc-parser";
import {
  findNodeAtLocation,
  getNodePath,
  getNodeValue,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { Document, YAMLError, YAMLWarning } from "yaml";
import { isNode, LineCounter, parseDocument, visit } from "yaml";

/** Something wrong at a place of the file. */
export interface ConfigProblem {
  /** 1-based. */
  readonly line: number | undefined;
  /** `mcpServers.files.command`; empty for the whole. */
  readonly key: string;
  readonly message: string;
}

/** `codemode.config.json:3`, or the file alone. */
export function placeText(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** A problem with its file, line and key, for people. */
export function problemText(file: string, { line, key, message }: ConfigProblem): string {
  return `${placeText(file, line)}: ${key === "" ? "" : `${key}: `}${message}`;
}

/** A parsed config file, which knows where its keys stand. */
export interface ConfigDocument {
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Parses JSONC, or YAML where the name says so. */
export function parseConfigDocument(text: string, file: string): ConfigDocument {
  return /\.ya?ml$/i.test(file) ? parseYaml(text) : parseJsonc(text);
}

/** The parser's codes, in words that say what to look for. */
const JSON_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ["InvalidSymbol", "text stands in double quotes"],
  ["InvalidNumberFormat", "the number is malformed"],
  [
    "PropertyNameExpected",
    "a key in double quotes is missing, or a comma before this is one too many",
  ],
  ["ValueExpected", "a value is missing, or a comma before this is one too many"],
  ["ColonExpected", 'a ":" is missing after the key'],
  ["CommaExpected", 'a "," is missing before this'],
  ["CloseBraceExpected", 'a "}" is missing, or a "," before this'],
  ["CloseBracketExpected", 'a "]" is missing, or a "," before this'],
  ["EndOfFileExpected", "the document has ended before this; is a brace one too many?"],
  ["UnexpectedEndOfComment", 'a comment is not ended with "*/"'],
  ["UnexpectedEndOfString", "a text has no closing quote"],
  ["InvalidEscapeCharacter", 'a backslash in a text is written "\\\\"'],
]);

function parseJsonc(given: string): ConfigDocument {
  // Editors of some systems begin a file with a byte order mark.
  const text = given.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const columnAt = (offset: number): number => offset - text.lastIndexOf("\n", offset - 1);
  // What comes after the first is mostly its echo.
  const problems = errors.slice(0, 1).map(({ error, offset }) => ({
    line: lineAt(offset),
    key: "",
    message: `is not JSON here (column ${columnAt(offset)}): ${JSON_PROBLEMS.get(printParseErrorCode(error)) ?? "a character is wrong"}`,
  }));
  return {
    value: tree === undefined ? {} : getNodeValue(tree),
    // The tree of a broken file holds keys that nobody wrote.
    problems: problems.length > 0 || !tree ? problems : repeatedKeys(tree, lineAt),
    lineOf(path) {
      if (!tree) return undefined;
      for (let length = path.length; length > 0; length -= 1) {
        const node = findNodeAtLocation(tree, path.slice(0, length).map(toSegment));
        if (node)
          return lineAt(node.parent?.type === "property" ? node.parent.offset : node.offset);
      }
      return undefined;
    },
  };
}

function toSegment(key: PropertyKey): string | number {
  return typeof key === "number" ? key : String(key);
}

/** Keys given again in the same object, which JSON readers take without a word. */
function repeatedKeys(
  node: JsonNode,
  lineAt: (offset: number) => number,
): readonly ConfigProblem[] {
  const firstLines = new Map<unknown, number>();
  const problems: ConfigProblem[] = [];
  for (const child of node.children ?? []) {
    const [name] = child.type === "property" ? (child.children ?? []) : [];
    if (name) {
      const line = lineAt(name.offset);
      const first = firstLines.get(name.value);
      firstLines.set(name.value, first ?? line);
      const key = getNodePath(name).join(".");
      if (first !== undefined)
        problems.push({ line, key, message: `is given already in line ${first}; keep one` });
    }
    problems.push(...repeatedKeys(child, lineAt));
  }
  return problems;
}

function parseYaml(text: string): ConfigDocument {
  const lines = new LineCounter();
  // Lines are told by us: the long form of a message repeats them, with a piece of the file.
  const options = { lineCounter: lines, merge: false, prettyErrors: false };
  const document = parseDocument(text, options);
  // Tags of programming languages, which nothing here reads, are but a warning of the library.
  const found = [...document.errors, ...document.warnings];
  // What comes after the first error is mostly its echo; keys given twice are not.
  const first = found.find(({ code }) => code !== "DUPLICATE_KEY");
  const errors = found
    .filter((error) => error === first || error.code === "DUPLICATE_KEY")
    .map((error) => toYamlProblem(error, lines));
  const problems = errors.length > 0 ? errors : aliasProblems(document, lines);
  return {
    ...(problems.length > 0 ? { value: {}, problems } : unfold(document)),
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const node: unknown = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return undefined;
    },
  };
}

function toYamlProblem(
  { code, message, pos }: YAMLError | YAMLWarning,
  lines: LineCounter,
): ConfigProblem {
  const { line } = lines.linePos(pos[0]);
  return { line, key: "", message: YAML_PROBLEMS.get(code) ?? `is not YAML here (${message})` };
}

const YAML_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ["DUPLICATE_KEY", "has a key that is given already; keep one"],
  ["MULTIPLE_DOCS", "begins a second document; keep one"],
]);

/** Aliases that stand for nothing, and those inside what they stand for. */
function aliasProblems(document: Document, lines: LineCounter): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      if (target && !ancestors.includes(target)) return;
      const line = alias.range ? lines.linePos(alias.range[0]).line : undefined;
      const name = JSON.stringify(`*${alias.source}`);
      const anchor = JSON.stringify(`&${alias.source}`);
      const message = target
        ? `has the alias ${name} inside what it stands for; take it out`
        : `has the alias ${name} without ${anchor} above it; define that, or quote the text`;
      problems.push({ line, key: "", message });
    },
  });
  return problems;
}

function unfold(document: Document): Pick<ConfigDocument, "value" | "problems"> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value: value ?? {}, problems: [] };
  } catch {
    // All else was checked before: what is left is aliases of aliases, a few of which fill any memory.
    const message = "has aliases that unfold to too much; write the values out";
    return { value: {}, problems: [{ line: undefined, key: "", message }] };
  }
}
