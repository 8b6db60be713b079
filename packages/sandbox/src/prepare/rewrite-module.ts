import type * as acorn from "acorn";
import { MagicString } from "magic-string";

import { importCode, nameOf, rewriteDynamicImports, toImport } from "./imports.ts";
import type { AddedNames, Rewritten } from "./rewrite-program.ts";
import { boundNames, isNamed } from "./top-level.ts";

/**
 * Turns a parsed module into a script whose value is an async function that gives the module's
 * exports. Its own names stay inside. Exports are as they are when the module has run.
 */
export function rewriteModule(code: string, program: acorn.Program, added: AddedNames): Rewritten {
  const text = new MagicString(code);
  const imports = program.body.flatMap((node) => toImport(node) ?? []);
  const exported = new Map<string, string>();
  for (const node of program.body) rewriteExport(text, node, { exported, added });
  if (code.includes("import")) rewriteDynamicImports(program, text, added.load);

  const loaded = imports.map((found) => importCode(found, added.load, "const ")).join(" ");
  const entries = [...exported].map(([name, local]) => `[${JSON.stringify(name)}]: ${local}`);
  text.prepend(`(async function (${added.load}) { "use strict"; let ${added.value}; ${loaded}\n`);
  text.append(`\nreturn { ${["__proto__: null", ...entries].join(", ")} };\n})`);
  return { text, imports };
}

interface Exports {
  readonly exported: Map<string, string>;
  readonly added: AddedNames;
}

function rewriteExport(
  text: MagicString,
  node: acorn.Program["body"][number],
  { exported, added }: Exports,
): void {
  if (node.type === "ExportDefaultDeclaration") {
    const { declaration } = node;
    if (isNamed(declaration)) {
      exported.set("default", declaration.id.name);
      text.remove(node.start, declaration.start);
      return;
    }
    exported.set("default", added.value);
    text.update(node.start, declaration.start, `;${added.value} = `);
    if (text.original[node.end - 1] !== ";") text.appendLeft(node.end, ";");
  } else if (node.type === "ExportNamedDeclaration" && !node.source) {
    const { declaration } = node;
    if (!declaration) {
      for (const { local, exported: name } of node.specifiers)
        exported.set(nameOf(name), nameOf(local));
      text.remove(node.start, node.end);
      return;
    }
    for (const name of declaredNames(declaration)) exported.set(name, name);
    text.remove(node.start, declaration.start);
  } else if (toImport(node)) text.remove(node.start, node.end);
}

function declaredNames(node: acorn.Declaration): readonly string[] {
  if (node.type !== "VariableDeclaration") return [node.id.name];
  return node.declarations.flatMap(({ id }) => boundNames(id));
}
