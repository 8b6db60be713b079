import type { JsonSchema } from "@codemode/core";
import type { Expression } from "oxc-parser";

import type { DocComment } from "./doc-comment.ts";
import { functionParameters } from "./function-parameters.ts";
import { literalValue } from "./literal-value.ts";
import { readModuleShape } from "./module-shape.ts";
import type { FoundFunction, ModuleShape } from "./module-shape.ts";
import { parseModule } from "./parse-module.ts";
import { skillInvalid } from "./skill-error.ts";
import { skillIdentifier } from "./skill-name.ts";
import type { SkillScript } from "./skill.ts";
import { zodToSchema } from "./zod-schema.ts";

/** A module of a skill to read. */
export interface ScriptToRead {
  readonly skill: string;
  readonly path: string;
  readonly source: string;
}

/** A script, and what else its module says. */
export interface ReadScript {
  readonly script: SkillScript;
  /** Of the module and the function together. */
  readonly doc: DocComment;
  readonly shape: ModuleShape;
}

const MAX_SIGNATURE_LENGTH = 400;

/** Parses a module and finds the function that is called. `SKILL_INVALID` with the line. */
export async function readScript({ skill, path, source }: ScriptToRead): Promise<ReadScript> {
  const place = { skill, path };
  const shape = readModuleShape(await parseModule(source, place), source);
  const stem = (path.split("/").at(-1) ?? path).replace(/\.[^.]*$/, "");
  const wanted = [stem, skill, skillIdentifier(skill)];
  const exportName = chooseExport([...shape.functions.keys()], wanted);
  const found = exportName === undefined ? undefined : shape.functions.get(exportName);
  if (exportName === undefined || !found) {
    throw skillInvalid(place, noExport(skill, shape));
  }
  const doc = joinDocs(shape.moduleDoc?.doc, found.doc?.doc);
  const { parameters, call } = functionParameters(found.node, shape.scope, doc.params);
  const stated = shape.values.get("parameters");
  const script: SkillScript = {
    path,
    source,
    exportName,
    description: doc.description,
    parameters: (stated && statedParameters(stated)) ?? parameters,
    signature: signatureOf(found, skillIdentifier(skill), source),
    call,
  };
  return { script, doc, shape };
}

/** By name first; a hyphen, an underscore and a capital are the same. */
function chooseExport(names: readonly string[], wanted: readonly string[]): string | undefined {
  const asked = new Set(wanted.map(withoutHyphens));
  return (
    names.find((name) => asked.has(withoutHyphens(name))) ??
    ["run", "default", "main"].find((name) => names.includes(name)) ??
    (names.length === 1 ? names[0] : undefined)
  );
}

function withoutHyphens(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}

function noExport(skill: string, shape: ModuleShape): string {
  const identifier = skillIdentifier(skill);
  const names = [...shape.functions.keys()];
  if (names.length > 0) {
    return `it exports ${names.join(", ")}, and none of them is "${identifier}", "run" or the default. Rename one.`;
  }
  const [inner] = shape.inner.keys();
  return inner === undefined
    ? `it exports no function. Write: export async function ${identifier}(args: { ... }) { ... }`
    : `the function "${inner}" is not exported. Write "export" in front of it.`;
}

function joinDocs(first: DocComment | undefined, second: DocComment | undefined): DocComment {
  return {
    description: first?.description || second?.description || "",
    params: new Map([...(first?.params ?? []), ...(second?.params ?? [])]),
    tags: new Map([...(second?.tags ?? []), ...(first?.tags ?? [])]),
  };
}

/** `export const parameters = ...`: JSON Schema, or a chain of zod calls. */
function statedParameters(node: Expression): JsonSchema | undefined {
  const value = literalValue(node);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  return zodToSchema(node);
}

function signatureOf({ node }: FoundFunction, identifier: string, source: string): string {
  const [first] = node.params;
  const last = node.params.at(-1);
  const params = first && last ? source.slice(first.start, last.end) : "";
  const { returnType } = node;
  const returned = returnType ? source.slice(returnType.start, returnType.end) : "";
  const text = `${identifier}(${plainText(params)})${plainText(returned)}`;
  return text.length > MAX_SIGNATURE_LENGTH
    ? `${text.slice(0, MAX_SIGNATURE_LENGTH - 3)}...`
    : text;
}

/** On one line, without comments. */
function plainText(code: string): string {
  return code
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
