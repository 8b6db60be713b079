import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import {
  decodedMappings,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from "@jridgewell/trace-mapping";

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
    const place = { line, column: Math.max(column - 1, 0) };
    let found = originalPositionFor(map, place);
    // What we put in front of a line stands for what comes after it.
    if (found.line === null)
      found = originalPositionFor(map, { ...place, bias: LEAST_UPPER_BOUND });
    if (found.line === null || found.column === null) return undefined;
    return { line: found.line, column: found.column + 1 };
  };
}

/** All places of a map, followed on by `next`: line, column, source line and source column of each. */
export function listPlaces(
  map: EncodedSourceMap,
  next: (position: SourcePosition) => SourcePosition | undefined,
): readonly number[] {
  return decodedMappings(new TraceMap(map)).flatMap((segments, index) =>
    segments.flatMap(([column, , line, sourceColumn]) => {
      if (line === undefined || sourceColumn === undefined) return [];
      const source = next({ line: line + 1, column: sourceColumn + 1 });
      return source ? [index + 1, column + 1, source.line, source.column] : [];
    }),
  );
}
