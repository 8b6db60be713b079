import type * as acorn from "acorn";
import { recursive, simple } from "acorn-walk";

/** Names that a pattern binds. */
export function boundNames(pattern: acorn.Pattern): readonly string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

/** A declaration whose names live on, and whether it stands in the head of a `for`. */
export interface FoundDeclaration {
  readonly node: acorn.VariableDeclaration;
  readonly head: boolean;
}

/** Every `var` that belongs to the program itself, in whatever block it stands. */
export function findVars(program: acorn.Program): readonly FoundDeclaration[] {
  const found: FoundDeclaration[] = [];
  const heads = new Set<unknown>();
  simple(program, {
    ForStatement: (node) => heads.add(node.init),
    ForInStatement: (node) => heads.add(node.left),
    ForOfStatement: (node) => heads.add(node.left),
  });
  recursive(program, undefined, {
    Function: ignore,
    Class: ignore,
    VariableDeclaration(node) {
      if (node.kind === "var") found.push({ node, head: heads.has(node) });
    },
  });
  return found;
}

// What stands inside is not the program's own.
function ignore(): void {}

/** The statement whose value is the program's: the last one, functions behind it left out. */
export function lastStatement(program: acorn.Program): acorn.Program["body"][number] | undefined {
  return program.body.findLast(
    (node) =>
      node.type !== "FunctionDeclaration" &&
      node.type !== "EmptyStatement" &&
      !(node.type === "ExportNamedDeclaration" && node.declaration?.type !== "VariableDeclaration"),
  );
}

/** Whether what is exported as default is a declaration that has a name. */
export function isNamed(
  node: acorn.ExportDefaultDeclaration["declaration"],
): node is acorn.FunctionDeclaration | acorn.ClassDeclaration {
  return (
    (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id !== null
  );
}
