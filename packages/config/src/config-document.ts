import type { ParseError } from "jsonc-parser";
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from "jsonc-parser";
import { isNode, LineCounter, parseDocument } from "yaml";

/** Something wrong at a place of the file. */
export interface ConfigProblem {
  /** 1-based. */
  readonly line: number | undefined;
  /** `mcpServers.files.command`; empty for the whole. */
  readonly key: string;
  readonly message: string;
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

function parseJsonc(text: string): ConfigDocument {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const value: unknown = tree === undefined ? {} : getNodeValue(tree);
  return {
    value,
    problems: errors.map(({ error, offset }) => ({
      line: lineAt(offset),
      key: "",
      message: `is not JSON here (${printParseErrorCode(error)})`,
    })),
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

function parseYaml(text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false });
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return {
    value: value ?? {},
    problems: document.errors.map(({ message, linePos }) => ({
      line: linePos?.[0].line,
      key: "",
      message: `is not YAML here (${message.split("\n")[0] ?? message})`,
    })),
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const node: unknown = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return undefined;
    },
  };
}
