import type * as acorn from "acorn";
import { MagicString } from "magic-string";

import type { FoundImport } from "./imports.ts";
import { importCode, nameOf, rewriteDynamicImports, toImport } from "./imports.ts";
import type { AddedNames, Rewritten } from "./rewrite-program.ts";
import { boundNames, isNamed } from "./top-level.ts";

/**
 * Turns a parsed module into a script whose value is an async function that gives the module's
 * exports. Its own names stay inside. Exports are as they are when the module has run.
 */
export function rewriteModule(code: string, program: acorn.Program, added: AddedNames): Rewritten {
  const text = new MagicString(code);
  const exported = new Map<string, string>();
  const wholes: string[] = [];
  const imports = program.body.flatMap((node) => {
    const found = toImport(node);
    return found ? [toOwnImport(node, found, { exported, wholes, added })] : [];
  });
  for (const node of program.body) rewriteExport(text, node, { exported, added });
  if (code.includes("import")) rewriteDynamicImports(program, text, added.load);

  const loaded = imports.map((found) => importCode(found, added.load, "const ")).join(" ");
  const entries = [...exported].map(([name, local]) => `[${JSON.stringify(name)}]: ${local}`);
  const rest = wholes.map((whole) => `...${whole}`);
  text.prepend(`(async function (${added.load}) { "use strict"; let ${added.value}; ${loaded}\n`);
  text.append(`\nreturn { ${["__proto__: null", ...rest, ...entries].join(", ")} };\n})`);
  return { text, imports, ...(wholes.length > 0 ? {} : { exports: [...exported.keys()] }) };
}

interface ReExports extends Exports {
  /** Local names of modules whose exports are all passed on. */
  readonly wholes: string[];
}

/** An import as it is; what is exported of another module gets local names, to be exported. */
function toOwnImport(
  node: acorn.Program["body"][number],
  found: FoundImport,
  { exported, wholes, added }: ReExports,
): FoundImport {
  const fresh = (index: number): string => `${added.value}_${node.start}_${index}`;
  if (node.type === "ExportAllDeclaration") {
    const local = fresh(0);
    if (node.exported) exported.set(nameOf(node.exported), local);
    else wholes.push(local);
    return { ...found, names: found.names.map((name) => Object.assign({}, name, { local })) };
  }
  if (node.type !== "ExportNamedDeclaration") return found;
  const names = found.names.map((name, index) => {
    const specifier = node.specifiers[index];
    const local = fresh(index);
    if (specifier) exported.set(nameOf(specifier.exported), local);
    return Object.assign({}, name, { local });
  });
  return { ...found, names };
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
