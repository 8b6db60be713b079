import type {
  ArrowFunctionExpression,
  Expression,
  Function as FunctionNode,
  Statement,
} from "oxc-parser";

import { readDocComment } from "./doc-comment.ts";
import type { DocComment } from "./doc-comment.ts";
import type { ParsedModule } from "./parse-module.ts";
import type { DeclaredType, TypeScope } from "./type-schema.ts";

export type AnyFunction = FunctionNode | ArrowFunctionExpression;

/** What a module offers, as far as its text says. */
export interface ModuleShape {
  /** Exported functions by the name of their export. */
  readonly functions: ReadonlyMap<string, FoundFunction>;
  /** Other exported values, by the name of their export. */
  readonly values: ReadonlyMap<string, Expression>;
  /** Functions at the top that are not exported, with the place their declaration starts at. */
  readonly inner: ReadonlyMap<string, number>;
  readonly scope: TypeScope;
  /** The comment a module begins with, where it is not the function's own. */
  readonly moduleDoc?: LeadingDoc;
}

export interface FoundFunction {
  readonly node: AnyFunction;
  /** Name in the module, where it has one. */
  readonly localName?: string;
  readonly doc?: LeadingDoc;
}

/** A doc comment and where it stands. */
interface LeadingDoc {
  readonly doc: DocComment;
  readonly start: number;
  readonly end: number;
}

/** Looks at the top level of a module. */
export function readModuleShape({ program, comments }: ParsedModule, source: string): ModuleShape {
  const docs = docFinder(comments, source);
  const declared = new Map<string, FoundFunction>();
  const inner = new Map<string, number>();
  const constants = new Map<string, Expression>();
  const types = new Map<string, DeclaredType>();
  for (const statement of program.body) {
    const plain = unwrapExport(statement);
    if (!plain) continue;
    for (const [name, type] of declaredTypes(plain)) types.set(name, type);
    for (const [name, value] of declaredValues(plain)) {
      const node = toFunction(value);
      const doc = docs.before(statement.start);
      if (node) declared.set(name, { node, localName: name, ...(doc ? { doc } : {}) });
      else constants.set(name, value);
      if (node && plain === statement) inner.set(name, statement.start);
    }
  }
  const functions = new Map<string, FoundFunction>();
  const values = new Map<string, Expression>();
  for (const { exported, local, value, start } of program.body.flatMap(listExports)) {
    const node = value && toFunction(value);
    const doc = docs.before(start);
    const found = node ? { node, ...(doc ? { doc } : {}) } : declared.get(local);
    const constant = value ?? constants.get(local);
    if (found) functions.set(exported, found);
    else if (constant) values.set(exported, constant);
    inner.delete(local);
  }
  const moduleDoc = docs.first(program.body[0]?.start ?? source.length);
  const owned = [...functions.values()].some(({ doc }) => doc?.start === moduleDoc?.start);
  return {
    functions,
    values,
    inner,
    scope: createScope(types, docs),
    ...(moduleDoc && !owned ? { moduleDoc } : {}),
  };
}

// Far more than a function's parameters have; types of types grow beyond any measure.
const MAX_TYPES = 5_000;

function createScope(types: ReadonlyMap<string, DeclaredType>, docs: DocFinder): TypeScope {
  let left = MAX_TYPES;
  return {
    types,
    describe: (start) => docs.before(start)?.doc.description,
    spend: () => {
      left -= 1;
      return left >= 0;
    },
  };
}

interface DocFinder {
  /** The doc comment with nothing but white space and comments between it and `place`. */
  readonly before: (place: number) => LeadingDoc | undefined;
  /** The first doc comment, where it stands before `place`. */
  readonly first: (place: number) => LeadingDoc | undefined;
}

function docFinder(comments: ParsedModule["comments"], source: string): DocFinder {
  const docs = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ value, start, end }) => ({ doc: readDocComment(value), start, end }));
  return {
    before: (place) => {
      const near = docs.findLast(({ end }) => end <= place);
      return near && source.slice(near.end, place).trim() === "" ? near : undefined;
    },
    first: (place) => docs.find(({ end }) => end <= place),
  };
}

/** The declaration that is exported, or the statement itself. */
function unwrapExport(statement: Statement): Statement | undefined {
  if (statement.type !== "ExportNamedDeclaration") {
    return statement.type === "ExportDefaultDeclaration" ? undefined : statement;
  }
  return statement.declaration ?? undefined;
}

function declaredTypes(statement: Statement): readonly (readonly [string, DeclaredType])[] {
  switch (statement.type) {
    case "TSTypeAliasDeclaration":
      return [[statement.id.name, { kind: "alias", type: statement.typeAnnotation }]];
    case "TSInterfaceDeclaration": {
      const extended = statement.extends.flatMap(({ expression }) =>
        expression.type === "Identifier" ? [expression.name] : [],
      );
      return [[statement.id.name, { kind: "interface", members: statement.body.body, extended }]];
    }
    case "TSEnumDeclaration": {
      const values = statement.body.members.map(({ initializer }, index) =>
        initializer?.type === "Literal" && typeof initializer.value === "string"
          ? initializer.value
          : index,
      );
      return [[statement.id.name, { kind: "enum", values }]];
    }
    default:
      return [];
  }
}

function declaredValues(
  statement: Statement,
): readonly (readonly [string, Expression | FunctionNode])[] {
  if (statement.type === "FunctionDeclaration" && statement.id) {
    return [[statement.id.name, statement]];
  }
  if (statement.type !== "VariableDeclaration") return [];
  return statement.declarations.flatMap(({ id, init }) =>
    id.type === "Identifier" && init ? [[id.name, init] as const] : [],
  );
}

function toFunction(value: Expression | FunctionNode): AnyFunction | undefined {
  switch (value.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return value;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "ParenthesizedExpression":
      return toFunction(value.expression);
    default:
      return undefined;
  }
}

interface FoundExport {
  readonly exported: string;
  readonly local: string;
  /** Given where the export itself holds it. */
  readonly value?: Expression | FunctionNode;
  readonly start: number;
}

function listExports(statement: Statement): readonly FoundExport[] {
  const { start } = statement;
  if (statement.type === "ExportDefaultDeclaration") {
    const { declaration } = statement;
    if (declaration.type === "Identifier") {
      return [{ exported: "default", local: declaration.name, start }];
    }
    const isType =
      declaration.type === "TSInterfaceDeclaration" || declaration.type === "ClassDeclaration";
    if (isType || declaration.type === "TSDeclareFunction") return [];
    return [{ exported: "default", local: "", value: declaration, start }];
  }
  if (statement.type !== "ExportNamedDeclaration" || statement.exportKind === "type") return [];
  if (statement.declaration) {
    return declaredValues(statement.declaration).map(([name]) => ({
      exported: name,
      local: name,
      start,
    }));
  }
  if (statement.source) return [];
  return statement.specifiers.flatMap(({ local, exported }) =>
    local.type === "Identifier"
      ? [
          {
            exported: exported.type === "Literal" ? exported.value : exported.name,
            local: local.name,
            start,
          },
        ]
      : [],
  );
}
