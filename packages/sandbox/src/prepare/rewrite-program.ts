import type * as acorn from "acorn";
import { MagicString } from "magic-string";

import type { FoundImport } from "./imports.ts";
import { importCode, rewriteDynamicImports, toImport } from "./imports.ts";
import { boundNames, findVars, isNamed, lastStatement } from "./top-level.ts";

/** A rewritten program: the text with its map, and what it imports. */
export interface Rewritten {
  readonly text: MagicString;
  readonly imports: readonly FoundImport[];
  /** Names that a module exports; absent where those of another module are among them. */
  readonly exports?: readonly string[];
}

/** Names for what is added; none of them occurs in the source. */
export interface AddedNames {
  readonly load: string;
  readonly value: string;
}

/**
 * Turns a parsed program into a script that can follow others in one realm: its top-level names
 * become `var`s of the script, which are globals; its statements become an async function, the
 * script's value. Edits are in place, so that places can be traced.
 */
export function rewriteProgram(code: string, program: acorn.Program, added: AddedNames): Rewritten {
  const text = new MagicString(code);
  const names = new Set<string>();
  const imports = program.body.flatMap((node) => toImport(node) ?? []);
  const completion = rewriteCompletion(program, text, added);

  for (const { node, head } of findVars(program)) publishVariables({ text, names }, node, head);
  for (const node of program.body) rewriteStatement({ text, names }, node, added);
  if (code.includes("import")) rewriteDynamicImports(program, text, added.load);
  for (const { local } of imports.flatMap((found) => found.names)) if (local) names.add(local);

  const declared = names.size === 0 ? "" : `var ${[...names].join(", ")}; `;
  const loaded = imports.map((found) => importCode(found, added.load, "")).join(" ");
  // Functions have been moved to the start: they are there before anything runs.
  text.prepend(`${declared}(async function (${added.load}) { "use strict"; let ${added.value}; `);
  text.appendLeft(0, `${loaded}\n`);
  text.append(`\n${completion}})`);
  return { text, imports };
}

interface Target {
  readonly text: MagicString;
  readonly names: Set<string>;
}

/** What the program gives, as code for its end; the last expression is returned where it stands. */
function rewriteCompletion(
  program: acorn.Program,
  text: MagicString,
  { value }: AddedNames,
): string {
  const exported = program.body.find((node) => node.type === "ExportDefaultDeclaration");
  if (exported) {
    const isFunction = /Function/.test(exported.declaration.type);
    return `return ${value}${isFunction ? "()" : ""};\n`;
  }
  const own = program.body.filter((node) => node.type !== "EmptyStatement" && !toImport(node));
  const [only] = own;
  if (own.length === 1 && only?.type === "FunctionDeclaration") {
    return only.async && only.params.length === 0 ? `return ${only.id.name}();\n` : "";
  }
  const last = lastStatement(program);
  if (last?.type !== "ExpressionStatement") return "";
  const end = text.original[last.end - 1] === ";" ? last.end - 1 : last.end;
  const called = own.length === 1 && isFunctionExpression(last.expression);
  text.prependRight(last.start, "return (");
  text.appendLeft(end, called ? ")()" : ")");
  if (end === last.end) text.appendLeft(end, ";");
  return "";
}

function isFunctionExpression({ type }: acorn.Expression): boolean {
  return type === "ArrowFunctionExpression" || type === "FunctionExpression";
}

function rewriteStatement(
  target: Target,
  node: acorn.Program["body"][number],
  added: AddedNames,
): void {
  const { text } = target;
  if (toImport(node)) text.remove(node.start, node.end);
  else if (node.type === "ExportDefaultDeclaration") rewriteDefaultExport(target, node, added);
  else if (node.type === "ExportNamedDeclaration") {
    if (!node.declaration) text.remove(node.start, node.end);
    else {
      text.remove(node.start, node.declaration.start);
      publish(target, node.declaration);
    }
  } else if (isDeclaration(node)) publish(target, node);
}

function isDeclaration(node: acorn.Program["body"][number]): node is acorn.Declaration {
  return (
    node.type === "VariableDeclaration" ||
    node.type === "FunctionDeclaration" ||
    node.type === "ClassDeclaration"
  );
}

function publish(target: Target, node: acorn.Declaration): void {
  const { text, names } = target;
  if (node.type === "VariableDeclaration") {
    // A `var` is published with those in blocks; `using` ends with the program.
    if (node.kind === "let" || node.kind === "const") publishVariables(target, node, false);
    return;
  }
  const { name } = node.id;
  names.add(name);
  if (node.type === "ClassDeclaration") {
    text.prependRight(node.start, `;${name} = `);
    text.appendLeft(node.end, ";");
    return;
  }
  // Nameless, it takes its name from the variable, and a later assignment is seen inside it too.
  text.remove(node.id.start, node.id.end);
  text.prependRight(node.start, `${name} = `);
  text.appendLeft(node.end, "; ");
  text.move(node.start, node.end, 0);
}

/** `const x = 1, { y } = z;` -> `;(x = 1, { y } = z);`, in the head of a `for` without parentheses. */
function publishVariables(
  { text, names }: Target,
  node: acorn.VariableDeclaration,
  head: boolean,
): void {
  const [first] = node.declarations;
  const last = node.declarations.at(-1);
  if (!first || !last) return;
  for (const { id, init } of node.declarations) {
    for (const name of boundNames(id)) names.add(name);
    if (!init && node.kind !== "var") text.appendLeft(id.end, " = undefined");
  }
  if (head) text.remove(node.start, first.start);
  else {
    text.update(node.start, first.start, ";(");
    text.appendLeft(last.end, ")");
  }
}

function rewriteDefaultExport(
  target: Target,
  node: acorn.ExportDefaultDeclaration,
  { value }: AddedNames,
): void {
  const { text } = target;
  const { declaration } = node;
  if (isNamed(declaration)) {
    text.remove(node.start, declaration.start);
    publish(target, declaration);
    text.appendLeft(node.end, ` ${value} = ${declaration.id.name};`);
    return;
  }
  text.update(node.start, declaration.start, `;${value} = `);
  if (text.original[node.end - 1] !== ";") text.appendLeft(node.end, ";");
}
