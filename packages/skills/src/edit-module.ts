import { isDeepStrictEqual } from "node:util";

import type { JsonSchema } from "@codemode/core";

import { formatDocComment } from "./doc-comment.ts";
import { readModuleShape } from "./module-shape.ts";
import { parseModule } from "./parse-module.ts";
import type { ReadScript } from "./read-script.ts";
import { skillInvalid } from "./skill-error.ts";
import { skillIdentifier } from "./skill-name.ts";
import type { SkillFields } from "./skill-store.ts";

/** A module of a skill whose text is changed. */
interface ModuleToEdit {
  readonly skill: string;
  readonly path: string;
  readonly source: string;
}

/**
 * Writes `export` before the one function that can be meant, where a module exports none: what
 * models forget when they save a function they have just used.
 */
export async function exportFunction({ skill, path, source }: ModuleToEdit): Promise<string> {
  const shape = readModuleShape(await parseModule(source, { skill, path }), source);
  if (shape.functions.size > 0) return source;
  const identifier = skillIdentifier(skill);
  const names = [...shape.inner.keys()];
  const name =
    [identifier, "run", "main"].find((one) => shape.inner.has(one)) ??
    (names.length === 1 ? names[0] : undefined);
  const start = name === undefined ? undefined : shape.inner.get(name);
  return start === undefined ? source : `${source.slice(0, start)}export ${source.slice(start)}`;
}

/** Writes fields into the doc comment of a module: its own, or that of its function. */
export function editDocComment(
  { script: { source, exportName }, doc, shape }: ReadScript,
  fields: SkillFields,
): string {
  const tags = new Map(doc.tags);
  setNames(tags, "tags", fields.tags);
  setNames(tags, "allowed-tools", fields.allowedTools);
  setNames(tags, "denied-tools", fields.deniedTools);
  const description = fields.description?.trim() ?? doc.description;
  if (description === doc.description && isDeepStrictEqual(tags, doc.tags)) return source;
  const own = shape.moduleDoc ?? shape.functions.get(exportName)?.doc;
  if (!own) return `${formatDocComment({ ...doc, description, tags })}\n${source}`;
  const params = own === shape.moduleDoc ? own.doc.params : doc.params;
  const comment = formatDocComment({ description, params, tags });
  return source.slice(0, own.start) + comment + source.slice(own.end);
}

function setNames(
  tags: Map<string, string>,
  tag: string,
  names: readonly string[] | undefined,
): void {
  if (names === undefined) return;
  // No allowed tool is something else than nothing said of them.
  if (names.length === 0 && tag !== "allowed-tools") tags.delete(tag);
  else tags.set(tag, names.join(tag === "tags" ? ", " : " "));
}

/** Writes `export const parameters = ...` where the schema is not what the module says already. */
export async function editParameters(
  { script: { path, source, parameters: known } }: ReadScript,
  skill: string,
  parameters: JsonSchema | undefined,
): Promise<string> {
  if (parameters === undefined || isDeepStrictEqual(parameters, known)) return source;
  if (typeof parameters === "boolean") {
    throw skillInvalid(
      { skill },
      'parameters are a JSON Schema of an object: { "type": "object" }.',
    );
  }
  const statement = `export const parameters = ${JSON.stringify(parameters, undefined, 2)};`;
  const { program } = await parseModule(source, { skill, path });
  const old = program.body.find(
    (node) =>
      node.type === "ExportNamedDeclaration" &&
      node.declaration?.type === "VariableDeclaration" &&
      node.declaration.declarations.some(
        ({ id }) => id.type === "Identifier" && id.name === "parameters",
      ),
  );
  if (!old) return `${source.trimEnd()}\n\n${statement}\n`;
  return source.slice(0, old.start) + statement + source.slice(old.end);
}
