import { parse, TomlError } from "smol-toml";

import type { ConfigDocument } from "../config-document.ts";

/** Parses TOML. A place is that of its table's header, or of its key in it. */
export function parseToml(text: string): ConfigDocument {
  const lines = text.split("\n");
  try {
    const value = parse(text);
    return { value, problems: [], lineOf: (path) => headerLine(lines, path.map(String)) };
  } catch (error) {
    const line = error instanceof TomlError ? error.line : undefined;
    return {
      value: {},
      problems: [{ line, key: "", message: "is not TOML here" }],
      lineOf: () => undefined,
    };
  }
}

/** `["mcp_servers", "a b"]` is headed `[mcp_servers."a b"]`. */
function headerLine(lines: readonly string[], path: readonly string[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const wanted = path.slice(0, length).join("\0");
    const index = lines.findIndex((line) => tableOf(line)?.join("\0") === wanted);
    if (index !== -1) return index + 1;
  }
  return undefined;
}

const HEADER = /^\s*\[([^[\]]+|[^[]*"[^"]*"[^[]*)\]\s*(?:#.*)?$/;
const KEY = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*(?:\.|$)/gy;

/** The keys of a table's header, where the line is one. */
export function tableOf(line: string): readonly string[] | undefined {
  const [, header] = HEADER.exec(line.trimEnd()) ?? [];
  if (header === undefined) return undefined;
  const keys: string[] = [];
  let end = 0;
  for (const match of header.matchAll(KEY)) {
    const [whole, quoted, literal, bare] = match;
    keys.push(quoted ?? literal ?? bare ?? "");
    end = match.index + whole.length;
  }
  return end === header.length ? keys : undefined;
}
