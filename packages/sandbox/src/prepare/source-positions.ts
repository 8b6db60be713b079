import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

import type { SourcePosition } from "../prepared-program.ts";

/** Where `offset` lies in `text`. */
export function positionAt(text: string, offset: number): SourcePosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** Looks up places in a source map, which is decoded when first asked. */
export function createMapLookup(
  encode: () => EncodedSourceMap,
): (position: SourcePosition) => SourcePosition | undefined {
  let map: TraceMap | undefined;
  return ({ line, column }) => {
    map ??= new TraceMap(encode());
    const found = originalPositionFor(map, { line, column: Math.max(column - 1, 0) });
    if (found.line === null || found.column === null) return undefined;
    return { line: found.line, column: found.column + 1 };
  };
}
