import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import { LRUCache } from "lru-cache";

import type { FoundImport } from "./prepare/imports.ts";
import { readings, unwrapFence } from "./prepare/intake.ts";
import type { Intake } from "./prepare/intake.ts";
import { rewriteModule } from "./prepare/rewrite-module.ts";
import type { AddedNames, Rewritten } from "./prepare/rewrite-program.ts";
import { rewriteProgram } from "./prepare/rewrite-program.ts";
import { sourceHints } from "./prepare/source-hints.ts";
import { createMapLookup, listPlaces, positionAt } from "./prepare/source-positions.ts";
import type { Stripped } from "./prepare/strip-types.ts";
import { stripTypes } from "./prepare/strip-types.ts";
import type { PrepareResult, ProgramImport, SourcePosition } from "./prepared-program.ts";

// In UTF-16 units of source; what is kept for one is some ten times its size.
const CACHE_SIZE = 1_000_000;

const programs = createPrepareCache();
const modules = createPrepareCache();

function createPrepareCache(): LRUCache<string, PrepareResult> {
  return new LRUCache({ maxSize: CACHE_SIZE, sizeCalculation: (_result, key) => key.length + 100 });
}

/**
 * Makes a program of what a model wrote: TypeScript or JavaScript, fenced or not, statements, an
 * expression, a function to call, a module. Never throws. Remembered by source. A promise only for
 * sources of more than 4,000 operators.
 */
export function prepareProgram(source: string): PrepareResult | Promise<PrepareResult> {
  return prepare(source, programs, rewriteProgram);
}

/** Makes a module: its script's function gives an object of the exports. */
export function prepareModule(source: string): PrepareResult | Promise<PrepareResult> {
  return prepare(source, modules, rewriteModule);
}

type Rewrite = (code: string, program: ReturnType<typeof parse>, added: AddedNames) => Rewritten;

function prepare(
  source: string,
  cache: LRUCache<string, PrepareResult>,
  rewrite: Rewrite,
): PrepareResult | Promise<PrepareResult> {
  const known = cache.get(source);
  if (known) return known;
  const remember = (result: PrepareResult): PrepareResult => {
    cache.set(source, result);
    return result;
  };
  const prepared = prepareReadings(readings(unwrapFence(source)), rewrite);
  return prepared instanceof Promise ? prepared.then(remember) : remember(prepared);
}

/** The first reading that works; otherwise what is wrong with the one that got furthest. */
function prepareReadings(
  all: readonly Intake[],
  rewrite: Rewrite,
): PrepareResult | Promise<PrepareResult> {
  const [reading, ...rest] = all;
  if (!reading) return { ok: false, failure: { message: "The program is empty.", hints: [] } };
  const orElse = (result: PrepareResult): PrepareResult | Promise<PrepareResult> => {
    if (result.ok || rest.length === 0) return result;
    const other = prepareReadings(rest, rewrite);
    const choose = (second: PrepareResult): PrepareResult =>
      second.ok || gotFurther(second, result) ? second : result;
    return other instanceof Promise ? other.then(choose) : choose(other);
  };
  const stripped = stripTypes(reading.text);
  if (stripped instanceof Promise) {
    return stripped.then((done) => orElse(prepareStripped(reading, done, rewrite)));
  }
  return orElse(prepareStripped(reading, stripped, rewrite));
}

function gotFurther(a: PrepareResult, b: PrepareResult): boolean {
  return reach(a) > reach(b);
}

function reach(result: PrepareResult): number {
  const position = result.ok ? undefined : result.failure.position;
  return position ? position.line * 1e6 + position.column : 0;
}

function prepareStripped(reading: Intake, stripped: Stripped, rewrite: Rewrite): PrepareResult {
  const unshift = ({ line, column }: SourcePosition): SourcePosition => ({
    line,
    column: line === 1 ? Math.max(column - reading.shift, 1) : column,
  });
  if (!stripped.ok) {
    const { message, position, hints } = stripped.failure;
    const failure = {
      message,
      ...(position === undefined ? {} : { position: unshift(position) }),
      hints: [...sourceHints(reading.text), ...hints],
    };
    return { ok: false, failure };
  }
  const fromCode = createMapLookup(stripped.map);
  // A blank goes in front of the code, so that there is a place before its first statement.
  const toReading = ({ line, column }: SourcePosition): SourcePosition | undefined => {
    const found = fromCode({ line, column: line === 1 ? column - 1 : column });
    return found && unshift(found);
  };
  try {
    return rewriteStripped(reading.text, ` ${stripped.code}`, { toReading, rewrite });
  } catch (error) {
    const failure = parseFailure(error, toReading);
    return {
      ok: false,
      failure: { ...failure, hints: [...sourceHints(reading.text), ...failure.hints] },
    };
  }
}

interface RewriteContext {
  readonly toReading: (position: SourcePosition) => SourcePosition | undefined;
  readonly rewrite: Rewrite;
}

function rewriteStripped(
  source: string,
  code: string,
  { toReading, rewrite }: RewriteContext,
): PrepareResult {
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  });
  const { text, imports, exports } = rewrite(code, program, addedNames(code));
  const encodeMap = (): EncodedSourceMap => {
    const { sources, names, mappings } = text.generateMap({ hires: "boundary" });
    return { version: 3, sources, names, mappings };
  };
  const toCode = createMapLookup(encodeMap);
  const place = (offset: number): SourcePosition =>
    toReading(positionAt(code, offset)) ?? { line: 1, column: 1 };
  return {
    ok: true,
    program: {
      script: text.toString(),
      imports: imports.map((found) => toProgramImport(found, place)),
      ...(exports ? { exports } : {}),
      usesInterfaces: /__(?:interfaces|getToolInterface|get_tool_interface)/.test(source),
      ...(/stack/i.test(source) ? { places: listPlaces(encodeMap(), toReading) } : {}),
      toSource(position) {
        const inCode = toCode(position);
        return inCode && toReading(inCode);
      },
    },
  };
}

function toProgramImport(
  found: FoundImport,
  place: (offset: number) => SourcePosition,
): ProgramImport {
  return {
    specifier: found.specifier,
    position: place(found.start),
    names: found.names.map(({ name, start }) => ({ name, position: place(start) })),
  };
}

/** Names that do not occur in the source, whatever it is. */
function addedNames(code: string): AddedNames {
  const fresh = (name: string): string => {
    let candidate = name;
    for (let n = 2; code.includes(candidate); n += 1) candidate = `${name}${n}`;
    return candidate;
  };
  return { load: fresh("$load"), value: fresh("$value") };
}

function parseFailure(
  error: unknown,
  toReading: RewriteContext["toReading"],
): Extract<PrepareResult, { ok: false }>["failure"] {
  if (error instanceof RangeError) {
    return { message: "The program is nested too deeply.", hints: [] };
  }
  const message =
    error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, "") : String(error);
  const position = toReading(locationOf(error));
  return { message, ...(position === undefined ? {} : { position }), hints: [] };
}

/** acorn's errors carry `loc`, columns from 0. */
function locationOf(error: unknown): SourcePosition {
  if (!(error instanceof SyntaxError) || !("loc" in error)) return { line: 1, column: 1 };
  const { loc } = error;
  if (typeof loc !== "object" || loc === null || !("line" in loc) || !("column" in loc)) {
    return { line: 1, column: 1 };
  }
  return { line: Number(loc.line), column: Number(loc.column) + 1 };
}
