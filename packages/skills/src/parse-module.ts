import { createRequire } from "node:module";

import { mayNestDeeply, prepareModule, runInChild } from "@codemode/sandbox";
import type { Comment, Program, parseSync } from "oxc-parser";

import { skillInvalid } from "./skill-error.ts";
import type { SkillPlace } from "./skill-error.ts";

/** A module as a tree, places in UTF-16 units of its source. */
export interface ParsedModule {
  readonly program: Program;
  readonly comments: readonly Comment[];
}

const MAX_SOURCE_LENGTH = 1024 * 1024;

/** Parses what a sandbox can run; nothing of it runs here. `SKILL_INVALID` with the line. */
export async function parseModule(source: string, place: SkillPlace): Promise<ParsedModule> {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw skillInvalid(
      place,
      `the module has ${source.length} characters, at most ${MAX_SOURCE_LENGTH} are possible. Put data into assets/.`,
    );
  }
  const prepared = await prepareModule(source);
  if (!prepared.ok) {
    const { message, position, hints } = prepared.failure;
    const at = position === undefined ? place : { ...place, line: position.line };
    const text = [asSentence(message), ...hints].join(" ");
    throw skillInvalid(at, `${text} Correct the code and save it again.`);
  }
  const parsed = mayNestDeeply(source) ? await parseInChild(source) : parse(source);
  if (!parsed) throw skillInvalid(place, "the module is nested too deeply. Split it.");
  return parsed;
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

let oxc: { readonly parseSync: typeof parseSync } | undefined;

/** Loading the parser takes some 10 ms, once. */
export function parse(source: string): ParsedModule {
  oxc ??= loadParser();
  const { program, comments } = oxc.parseSync("skill.ts", source, {
    lang: "ts",
    sourceType: "module",
    preserveParens: false,
  });
  return { program, comments };
}

function loadParser(): { readonly parseSync: typeof parseSync } {
  const loaded: { readonly parseSync: typeof parseSync } = createRequire(import.meta.url)(
    "oxc-parser",
  );
  return loaded;
}

async function parseInChild(source: string): Promise<ParsedModule | undefined> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const output = await runInChild(
    new URL(`./parse-module-child.${extension}`, import.meta.url),
    source,
  );
  return isParsedModule(output) ? output : undefined;
}

function isParsedModule(value: unknown): value is ParsedModule {
  return typeof value === "object" && value !== null && "program" in value && "comments" in value;
}
