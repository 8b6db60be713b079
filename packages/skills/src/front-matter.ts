import { isMap, parseDocument } from "yaml";
import type { Document } from "yaml";

import { skillInvalid } from "./skill-error.ts";
import type { SkillPlace } from "./skill-error.ts";

/** A `SKILL.md` in its two parts. */
export interface FrontMatter {
  /** With its comments and order, so that it can be changed and written again. */
  readonly document: Document;
  readonly fields: ReadonlyMap<string, unknown>;
  readonly body: string;
  /** Whether it only parsed after texts with a colon were quoted. */
  readonly repaired: boolean;
}

const MAX_FRONT_MATTER_LENGTH = 64 * 1024;
const OPEN = /^\uFEFF?---[ \t]*\r?\n/;
const CLOSE = /^---[ \t]*$/m;

/** Parts and parses a `SKILL.md`. `SKILL_INVALID` with the line. */
export function readFrontMatter(text: string, place: SkillPlace): FrontMatter {
  const open = OPEN.exec(text);
  if (!open) {
    throw skillInvalid(
      { ...place, line: 1 },
      "it has no front matter. Begin it with a line ---, then name: and description:, then ---.",
    );
  }
  const after = text.slice(open[0].length);
  const close = CLOSE.exec(after);
  if (!close) {
    throw skillInvalid({ ...place, line: 1 }, "the front matter has no end. Close it with ---.");
  }
  const yaml = after.slice(0, close.index).replaceAll("\r\n", "\n");
  if (yaml.length > MAX_FRONT_MATTER_LENGTH) {
    throw skillInvalid(
      place,
      `the front matter has ${yaml.length} characters, at most ${MAX_FRONT_MATTER_LENGTH} are possible. Move text below it.`,
    );
  }
  const body = after.slice(close.index + close[0].length).replace(/^(?:\r?\n)+/, "");
  return { ...parseYaml(yaml, place), body };
}

interface ParsedYaml {
  readonly document: Document;
  readonly fields: ReadonlyMap<string, unknown>;
  readonly repaired: boolean;
}

function parseYaml(yaml: string, place: SkillPlace): ParsedYaml {
  try {
    return { ...parseOnce(yaml, place), repaired: false };
  } catch (error) {
    const quoted = quoteColons(yaml);
    if (quoted === yaml) throw error;
    try {
      return { ...parseOnce(quoted, place), repaired: true };
    } catch {
      // What is wrong with the text as it was written is what its author needs.
      throw error;
    }
  }
}

function parseOnce(yaml: string, place: SkillPlace): Omit<ParsedYaml, "repaired"> {
  const document = parsed(yaml, place);
  const [problem] = document.errors;
  if (problem) {
    const [first = ""] = problem.message.split("\n");
    const [at] = problem.linePos ?? [];
    throw skillInvalid(
      // The line of --- stands before it.
      { ...place, line: (at?.line ?? 1) + 1 },
      `the front matter is no YAML: ${first.replace(/ at line .*$/, "")}. Put texts with special characters into quotes.`,
    );
  }
  if (!isMap(document.contents)) {
    throw skillInvalid(
      { ...place, line: 2 },
      "the front matter is no list of fields. Write name: and description:, a line each.",
    );
  }
  return { document, fields: toFields(document, place) };
}

function parsed(yaml: string, place: SkillPlace): Document {
  try {
    return parseDocument(yaml, { version: "1.2", schema: "core", logLevel: "silent" });
  } catch (cause) {
    throw skillInvalid(place, "the front matter is nested too deeply. Make it flat.", { cause });
  }
}

function toFields(document: Document, place: SkillPlace): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20, mapAsMap: false });
    return new Map(Object.entries(typeof value === "object" && value !== null ? value : {}));
  } catch (cause) {
    throw skillInvalid(place, "the front matter refers to itself. Write its values out.", {
      cause,
    });
  }
}

/** `description: Use when: x` is what people write, and no YAML. */
function quoteColons(yaml: string): string {
  return yaml.replaceAll(
    /^([A-Za-z][\w-]*):[ \t]+(?!["'|>[{&*!])(\S.*:(?:[ \t].*|))$/gm,
    (_line, key: string, value: string) => `${key}: ${JSON.stringify(value.trimEnd())}`,
  );
}

/** The two parts as one text again. */
export function formatFrontMatter(document: Document, body: string): string {
  const yaml = document.toString({ lineWidth: 0 }).trimEnd();
  return `---\n${yaml}\n---\n${body === "" ? "" : `\n${body.trimEnd()}\n`}`;
}
