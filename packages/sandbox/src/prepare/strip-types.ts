import { createRequire } from "node:module";

import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import type { transformSync } from "oxc-transform";

import type { PrepareFailure } from "../prepared-program.ts";
import { mayNestDeeply, runInChild } from "./deep-source.ts";
import { positionAt } from "./source-positions.ts";

/** JavaScript, and the map back to the TypeScript it was. */
export type Stripped =
  | { readonly ok: true; readonly code: string; readonly map: () => EncodedSourceMap }
  | { readonly ok: false; readonly failure: PrepareFailure };

/** What the transformer says, as data. */
export interface TransformOutput {
  readonly code: string;
  readonly map: string;
  readonly errors: readonly TransformError[];
}

interface TransformError {
  readonly message: string;
  readonly offset: number | undefined;
  readonly help: string | undefined;
}

/**
 * Removes types with oxc-transform; enums, namespaces and parameter properties become JavaScript.
 * The transformer is native and recursive: a chain of some 12,000 tokens overflows its stack and
 * would end this process. A source that has fewer tokens than that cannot; a larger one is
 * transformed in a process of its own.
 */
export function stripTypes(text: string): Stripped | Promise<Stripped> {
  if (!mayNestDeeply(text)) return toStripped(text, transform(text));
  return transformInChild(text).then((output) =>
    output ? toStripped(text, output) : { ok: false, failure: TOO_DEEP },
  );
}

const TOO_DEEP: PrepareFailure = {
  message: "The program is nested too deeply.",
  hints: ["Build deep structures at run time, or split the program: variables live on."],
};

let oxc: { readonly transformSync: typeof transformSync } | undefined;

/** Runs the transformer here. Loading it takes some 25 ms, once. */
export function transform(text: string): TransformOutput {
  oxc ??= loadTransformer();
  const { code, map, errors } = oxc.transformSync("program.ts", text, {
    lang: "ts",
    sourceType: "module",
    sourcemap: true,
    // Imports that only seem unused are the next program's variables.
    typescript: { onlyRemoveTypeImports: true },
  });
  return {
    code,
    map: JSON.stringify(map ?? EMPTY_MAP),
    errors: errors
      .filter((error) => !error.message.startsWith("A 'return' statement can only"))
      .map((error) => ({
        message: error.message,
        offset: lastPlace(error.labels),
        help: error.helpMessage ?? undefined,
      })),
  };
}

/** What does not fit comes after what it does not fit to: a bracket that was opened, a first declaration. */
function lastPlace(labels: readonly { readonly start: number }[]): number | undefined {
  return labels.length === 0 ? undefined : Math.max(...labels.map(({ start }) => start));
}

function loadTransformer(): { readonly transformSync: typeof transformSync } {
  const loaded: { readonly transformSync: typeof transformSync } = createRequire(import.meta.url)(
    "oxc-transform",
  );
  return loaded;
}

const EMPTY_MAP: EncodedSourceMap = { version: 3, sources: [], names: [], mappings: "" };

function toStripped(text: string, output: TransformOutput): Stripped {
  const [error] = output.errors;
  if (!error) return { ok: true, code: output.code, map: () => parseMap(output.map) };
  const { message, offset, help } = error;
  return {
    ok: false,
    failure: {
      message,
      ...(offset === undefined ? {} : { position: positionAt(text, offset) }),
      hints: help === undefined ? [] : [help],
    },
  };
}

function parseMap(map: string): EncodedSourceMap {
  const parsed: EncodedSourceMap = JSON.parse(map);
  return parsed;
}

async function transformInChild(text: string): Promise<TransformOutput | undefined> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const output = await runInChild(
    new URL(`./strip-types-child.${extension}`, import.meta.url),
    text,
  );
  return isTransformOutput(output) ? output : undefined;
}

function isTransformOutput(value: unknown): value is TransformOutput {
  return typeof value === "object" && value !== null && "code" in value && "errors" in value;
}
