import type { ErrorOrigin } from "./execute-result.ts";
import { prepareModule } from "./prepare-program.ts";
import { sourceFrame } from "./source-frame.ts";

/** Gives the source of a module by the name it has in stacks. */
export type FindModuleSource = (url: string) => string | undefined;

const PLACE = /\bcodemode-module:([^\s()]+?):(\d+):(\d+)/g;

/** The first place in a module that a stack names, if it comes before the first of the program. */
export function moduleOrigin(stack: string, find: FindModuleSource): ErrorOrigin | undefined {
  const program = stack.search(/\bcodemode:\d+:|(?<!-)\bprogram:\d+:/);
  for (const found of stack.matchAll(PLACE)) {
    if (program >= 0 && found.index > program) return undefined;
    const place = placeInModule(found, find);
    if (place) return place;
  }
  return undefined;
}

/** A stack with the places of modules as those of their sources, and without what is not a module's. */
export function moduleTraceback(stack: string, find: FindModuleSource): string {
  const lines = stack.split("\n").flatMap((line) => {
    if (!/^\s+at /.test(line)) return [line];
    const [found] = line.matchAll(PLACE);
    const place = found && placeInModule(found, find);
    if (!place) return [];
    const name = /^\s+at (?:async )?([\w$.<>]+) \(/.exec(line)?.[1];
    const where = `${place.module}:${place.line}:${place.column}`;
    return [name === undefined ? `    at ${where}` : `    at ${name} (${where})`];
  });
  return lines.join("\n");
}

/** Stacks are a program's to write: only a place that there is counts. */
function placeInModule(
  [, url = "", line, column]: RegExpExecArray,
  find: FindModuleSource,
): ErrorOrigin | undefined {
  const source = find(url);
  if (source === undefined) return undefined;
  const prepared = prepareModule(source);
  // It has run, so it is remembered; only very long ones may have been let go of.
  if (prepared instanceof Promise || !prepared.ok) return undefined;
  const position = prepared.program.toSource({ line: Number(line), column: Number(column) });
  if (!position) return undefined;
  const module = url.replace(/@[\da-f]+$/, "");
  return { module, ...position, frame: sourceFrame(source, position) };
}
