import type * as acorn from "acorn";
import { simple } from "acorn-walk";
import type MagicString from "magic-string";

/** A static import or re-export, places as offsets. */
export interface FoundImport {
  readonly specifier: string;
  readonly start: number;
  readonly names: readonly {
    readonly name: string;
    readonly local: string;
    readonly start: number;
  }[];
}

/** `undefined` for what is no import. */
export function toImport(node: acorn.Program["body"][number]): FoundImport | undefined {
  if (node.type === "ImportDeclaration") {
    return { ...source(node), names: node.specifiers.map(importedName) };
  }
  if (node.type === "ExportAllDeclaration") {
    return { ...source(node), names: [{ name: "*", local: "", start: node.start }] };
  }
  if (node.type === "ExportNamedDeclaration" && node.source) {
    const names = node.specifiers.map((specifier) => ({
      name: nameOf(specifier.local),
      local: "",
      start: specifier.start,
    }));
    return { specifier: String(node.source.value), start: node.source.start, names };
  }
  return undefined;
}

function source(node: acorn.ImportDeclaration | acorn.ExportAllDeclaration): {
  readonly specifier: string;
  readonly start: number;
} {
  return { specifier: String(node.source.value), start: node.source.start };
}

function importedName(
  node: acorn.ImportDeclaration["specifiers"][number],
): FoundImport["names"][number] {
  const local = node.local.name;
  if (node.type === "ImportNamespaceSpecifier") return { name: "*", local, start: node.start };
  if (node.type === "ImportDefaultSpecifier") return { name: "default", local, start: node.start };
  return { name: nameOf(node.imported), local, start: node.start };
}

/** An import's or export's name, which may be a string. */
export function nameOf(node: acorn.Identifier | acorn.Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

/**
 * The code that fills an import's names: `({ "a": b } = await load("x", ["a"]));`, or with `const`
 * where the names stay inside a module.
 */
export function importCode(found: FoundImport, load: string, keyword: "" | "const "): string {
  const asked = found.names.map(({ name }) => name);
  const loaded = `await ${load}(${JSON.stringify(found.specifier)}, ${JSON.stringify(asked)})`;
  const parts = found.names
    .filter(({ name, local }) => name !== "*" && local !== "")
    .map(({ name, local }) => `${JSON.stringify(name)}: ${local}`);
  const whole = found.names.find(({ name, local }) => name === "*" && local !== "");
  if (parts.length === 0 && !whole) return `${loaded};`;
  const pattern = `{ ${parts.join(", ")} }`;
  if (!whole) return keyword ? `${keyword}${pattern} = ${loaded};` : `(${pattern} = ${loaded});`;
  if (keyword)
    return `${keyword}${whole.local} = ${loaded}; ${keyword}${pattern} = ${whole.local};`;
  return `${whole.local} = ${loaded}; (${pattern} = ${whole.local});`;
}

/** `import(x)` becomes a call of the loader, `import.meta` an empty object. */
export function rewriteDynamicImports(
  program: acorn.Program,
  text: MagicString,
  load: string,
): void {
  simple(program, {
    ImportExpression(node) {
      text.update(node.start, node.start + "import".length, load);
    },
    MetaProperty(node) {
      if (node.meta.name === "import") text.update(node.start, node.end, "({})");
    },
  });
}
