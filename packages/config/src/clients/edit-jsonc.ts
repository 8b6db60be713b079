import type { Edit, JSONPath, Node as JsonNode } from "jsonc-parser";
import { applyEdits, createScanner, findNodeAtLocation, modify, parseTree } from "jsonc-parser";

/** Sets a value; comments and everything else stay as they are. */
export function setInJsonc(text: string, path: JSONPath, value: unknown): string {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const body = text.slice(start);
  const given = body.trim() === "" ? "{}\n" : body;
  const edits = addedProperty(given, path, value) ?? changedValue(given, path, value);
  return text.slice(0, start) + applyEdits(given, edits);
}

function changedValue(text: string, path: JSONPath, value: unknown): Edit[] {
  const formattingOptions = styleOf(text);
  return modify(text, path, value, { formattingOptions });
}

interface Style {
  readonly insertSpaces: boolean;
  readonly tabSize: number;
  readonly eol: string;
}

function styleOf(text: string): Style {
  return {
    insertSpaces: !/^\t/m.test(text),
    tabSize: /^( +)\S/m.exec(text)?.[1]?.length ?? 2,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

/**
 * A new last property on lines of its own. The library would lay out the one before anew, and move the
 * comment behind it; it serves objects that have no lines of their own yet.
 */
function addedProperty(text: string, path: JSONPath, value: unknown): Edit[] | undefined {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const object = tree && findNodeAtLocation(tree, path.slice(0, -1));
  const last = object?.children?.at(-1);
  if (!tree || !object || last?.type !== "property" || findNodeAtLocation(tree, path))
    return undefined;
  const [indent] = /[ \t]*$/.exec(text.slice(0, last.offset)) ?? [""];
  if (!/[\n\r]$/.test(text.slice(0, last.offset - indent.length))) return undefined;

  const { eol, insertSpaces, tabSize } = styleOf(text);
  const json = JSON.stringify(value, null, insertSpaces ? tabSize : "\t");
  const lines = `${JSON.stringify(String(path.at(-1)))}: ${json}`.replaceAll("\n", eol + indent);
  const { hasComma, lineEnd } = afterLast(text, object, last);
  const added = {
    offset: lineEnd,
    length: 0,
    content: eol + indent + lines + (hasComma ? "," : ""),
  };
  const comma = { offset: last.offset + last.length, length: 0, content: "," };
  return hasComma ? [added] : [comma, added];
}

/** Whether a comma follows the last property, and where that and the comments of its line end. */
function afterLast(
  text: string,
  object: JsonNode,
  last: JsonNode,
): { readonly hasComma: boolean; readonly lineEnd: number } {
  const scanner = createScanner(text);
  const closing = object.offset + object.length - 1;
  scanner.setPosition(last.offset + last.length);
  let hasComma = false;
  let lineEnd = last.offset + last.length;
  let isSameLine = true;
  for (scanner.scan(); scanner.getTokenOffset() < closing; scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const end = offset + scanner.getTokenLength();
    const token = text.slice(offset, end);
    if (/^[\n\r]/.test(token)) isSameLine = false;
    const isComma = token === ",";
    hasComma ||= isComma;
    // A comma may stand in a later line.
    if (isComma || (isSameLine && token.trim() !== "")) lineEnd = end;
  }
  return { hasComma, lineEnd };
}
