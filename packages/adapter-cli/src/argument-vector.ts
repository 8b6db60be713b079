import type { TextTemplate } from "@codemode/core";

import type { TemplateElement } from "./arguments-template.ts";
import type { ArgumentValue, CliOption } from "./cli-options.ts";
import type { Parameter } from "./parameter.ts";
import type { GivenValue, Values } from "./read-arguments.ts";

/** The arguments of a command, or why these values cannot become some. */
export interface ArgumentVector {
  readonly words: readonly string[];
  readonly problems: readonly string[];
}

/** What collects the arguments. A problem is told once for each parameter. */
interface Collector {
  readonly words: string[];
  readonly problems: Set<string>;
}

function vectorOf({ words, problems }: Collector): ArgumentVector {
  return { words, problems: [...problems] };
}

function itemsOf(value: ArgumentValue): readonly (string | number | boolean)[] {
  return typeof value === "object" ? value : [value];
}

/** A text at a place where a command may look for options. */
interface PlacedText {
  readonly name: string;
  readonly text: string;
  readonly isRaw: boolean;
}

function pushText({ words, problems }: Collector, { name, text, isRaw }: PlacedText): void {
  if (!isRaw && text.startsWith("-")) problems.add(dashProblem(name, text));
  words.push(text);
}

function dashProblem(name: string, text: string): string {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
  return `${name}: ${shown} begins with "-" and could be taken for an option; a path can be written "./-name"`;
}

/** Fills in a template. An argument with a placeholder that has no value is left out. */
export function fillTemplate(elements: readonly TemplateElement[], values: Values): ArgumentVector {
  const collector: Collector = { words: [], problems: new Set() };
  for (const { parts, afterEnd } of elements) {
    const [first] = parts;
    const name = first && "text" in first ? undefined : (first?.name ?? "");
    // Text that stands first is the template's own.
    const isRaw = afterEnd || name === undefined || (values.get(name)?.isRaw ?? false);
    for (const text of fillElement(parts, values))
      pushText(collector, { name: name ?? "", text, isRaw });
  }
  return vectorOf(collector);
}

/** One text; several where a list is filled in; none where a value is missing. */
function fillElement(parts: TextTemplate, values: Values): readonly string[] {
  let texts: readonly string[] = [""];
  for (const part of parts) {
    const value = "text" in part ? part.text : values.get(part.name)?.value;
    if (value === undefined) return [];
    const items = itemsOf(value);
    texts = texts.flatMap((text) => items.map((item) => text + String(item)));
  }
  return texts;
}

/** An option with the spelling that the command knows. */
export interface SpelledOption extends Parameter {
  readonly flag: string;
  readonly isJoined: boolean;
}

/** An option, complete. */
export function spellOption(
  parameter: Parameter,
  { flag, short, joined = false }: CliOption,
): SpelledOption {
  const spelling = short === undefined ? `--${parameter.name}` : `-${short}`;
  return { ...parameter, flag: flag ?? spelling, isJoined: joined };
}

/** What a command takes, by kind. */
export interface CommandShape {
  readonly options: readonly SpelledOption[];
  readonly positional: readonly Parameter[];
  readonly endOfOptions: boolean;
}

/** Options in their order, then what stands by its place. */
export function writeArguments(shape: CommandShape, values: Values): ArgumentVector {
  const collector: Collector = { words: [], problems: new Set() };
  for (const option of shape.options) {
    const given = values.get(option.name);
    if (given) writeOption(collector, option, given);
  }
  writePositional(collector, shape, values);
  return vectorOf(collector);
}

function writeOption(collector: Collector, option: SpelledOption, given: GivenValue): void {
  const { flag, isJoined, type, name } = option;
  const { value } = given;
  if (type === "boolean") {
    if (value === true) collector.words.push(flag);
    return;
  }
  // What follows an option that takes a number is no option.
  const isRaw = given.isRaw || typeof value === "number";
  for (const item of itemsOf(value)) {
    if (!isJoined) {
      collector.words.push(flag);
      pushText(collector, { name, text: String(item), isRaw });
    } else if (item === "") {
      // A bare `-x` would take what follows as its value.
      collector.problems.add(`${name}: must not be empty`);
    } else collector.words.push(flag.length > 2 ? `${flag}=${item}` : `${flag}${item}`);
  }
}

function writePositional(collector: Collector, shape: CommandShape, values: Values): void {
  const { positional, endOfOptions } = shape;
  const given = positional.filter(({ name }) => values.has(name));
  if (endOfOptions && given.length > 0) collector.words.push("--");
  const missing = positional.find(({ name }) => !values.has(name));
  const last = given.at(-1);
  if (missing && last && positional.indexOf(last) > positional.indexOf(missing))
    collector.problems.add(`"${missing.name}" is required where "${last.name}" is given`);
  for (const { name } of given) {
    const { value = [], isRaw = false } = values.get(name) ?? {};
    for (const item of itemsOf(value))
      pushText(collector, { name, text: String(item), isRaw: endOfOptions || isRaw });
  }
}

/** Options of any name, for a command of which nothing is said: `--key=value`, and lists by their place. */
export function writeFreely(values: Values): ArgumentVector {
  const options: Collector = { words: [], problems: new Set() };
  const rest: Collector = { words: [], problems: options.problems };
  for (const [name, { value, isRaw }] of values) {
    if (!/^[A-Za-z][\w-]*$/.test(name))
      options.problems.add(`${JSON.stringify(name.slice(0, 60))}: is no name of an option`);
    else if (value === true) options.words.push(`--${name}`);
    else if (typeof value === "object") {
      for (const item of value) pushText(rest, { name, text: String(item), isRaw });
    } else if (value !== false) options.words.push(`--${name}=${value}`);
  }
  options.words.push(...rest.words);
  return vectorOf(options);
}
