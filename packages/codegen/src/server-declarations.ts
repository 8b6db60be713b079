import type { BoundServer, BoundTool, Diagnostic } from "@codemode/core";

import { descriptionComment } from "./doc-comment.ts";
import type { GeneratedText } from "./schema-declarations.ts";
import { shareTypes } from "./share-types.ts";
import type { ToolTypes } from "./tool-types.ts";
import { toolTypes } from "./tool-types.ts";
import type { Docs } from "./type-printer.ts";

/** What goes into declarations. */
export interface DeclarationOptions {
  /** Descriptions: none, their first sentence, or all of them. Default `full`. */
  readonly docs?: Docs;
}

/** One tool as TypeScript, with whatever types it needs. */
export function toolDeclaration(
  server: BoundServer,
  tool: BoundTool,
  options: DeclarationOptions = {},
): string {
  return printNamespace({ ...server, tools: [tool] }, options).text;
}

/**
 * A server's tools as `declare namespace`, the way programs call them, and the `raw` form that every
 * tool has. For a script of declarations; the texts of several servers may be joined.
 */
export function serverDeclarations(
  server: BoundServer,
  options: DeclarationOptions = {},
): GeneratedText {
  const { text, diagnostics } = printNamespace(server, options);
  return { text: `${text}${ownCall(server)}${RAW_FORM.join("\n")}\n`, diagnostics };
}

/** The tool that a server is named after is called by that name alone. */
function ownCall({ server, identifier, tools }: BoundServer): string {
  const own = tools.find(
    ({ definition, path }) => definition.name === server && path === undefined,
  )?.identifier;
  if (own === undefined) return "";
  const type = `typeof ${identifier}.${own}`;
  return `declare function ${identifier}(...input: Parameters<${type}>): ReturnType<${type}>;\n`;
}

const RAW_FORM = [
  "interface CallableFunction {",
  "  /** Of every tool: the whole answer instead of its value; does not throw what the tool reports. */",
  "  raw<Input extends unknown[]>(this: (...input: Input) => Promise<unknown>, ...input: Input): Promise<{ content: { type: string; text?: string; [k: string]: any }[]; structuredContent?: any; isError?: boolean }>;",
  "}",
];

function printNamespace(server: BoundServer, options: DeclarationOptions): GeneratedText {
  const { docs = "full" } = options;
  const { tools, aliases, diagnostics } = printServer(server, docs);
  const functions = grouped(tools, "", ({ doc, identifier, types }) =>
    withDoc(doc, `function ${identifier}(${types.parameter}): Promise<${types.output}>;`),
  );
  const body = indent([...aliases, ...functions].join("\n"));
  return { text: `declare namespace ${server.identifier} {\n${body}\n}\n`, diagnostics };
}

/** The module that programs import a server's tools from, for editors: `generated/servers/<server>/index.d.ts`. */
export function bindingModule(
  server: BoundServer,
  options: DeclarationOptions = {},
): GeneratedText {
  const { docs = "full" } = options;
  const { tools, aliases, diagnostics } = printServer(server, docs);
  const exported = grouped(tools, "export declare ", ({ doc, identifier, types }, prefix) =>
    withDoc(doc, `${prefix}const ${identifier}: Tool<[${types.parameter}], ${types.output}>;`),
  );
  const text = [...TOOL_TYPES, ...aliases, ...exported, "export {};"].join("\n");
  return { text: `${text}\n`, diagnostics };
}

const TOOL_TYPES = [
  "/** A tool's whole answer, as its server gave it. */",
  "interface ToolResult { content: { type: string; text?: string; [k: string]: any }[]; structuredContent?: any; isError?: boolean }",
  "/** A tool. `raw` gives the whole answer instead of its value, and does not throw what the tool reports. */",
  "interface Tool<Input extends unknown[], Output> { (...input: Input): Promise<Output>; raw(...input: Input): Promise<ToolResult> }",
];

/** Tools with a path stand in a namespace of their own: `namespace resources { ... }`. */
function grouped(
  tools: readonly PrintedTool[],
  prefix: string,
  print: (tool: PrintedTool, prefix: string) => string,
): readonly string[] {
  const groups = Map.groupBy(tools, ({ group }) => group);
  return [...groups].flatMap(([group, members]) => {
    if (group === "") return members.map((tool) => print(tool, prefix));
    const lines = members.map((tool) => print(tool, ""));
    return [`${prefix}namespace ${group} {\n${indent(lines.join("\n"))}\n}`];
  });
}

interface PrintedTool {
  /** The namespace it stands in, empty where that is the server's. */
  readonly group: string;
  readonly identifier: string;
  readonly doc: string;
  readonly types: ToolTypes;
}

interface PrintedServer {
  readonly tools: readonly PrintedTool[];
  readonly aliases: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

function printServer(server: BoundServer, docs: Docs): PrintedServer {
  const reserved = server.tools.flatMap(({ identifier, path = "" }) => [
    identifier,
    ...path.split("."),
  ]);
  return shareTypes([server.identifier, "Tool", "ToolResult", ...reserved], (pass) => {
    const aliases = new Map<string, string>();
    const diagnostics: Diagnostic[] = [];
    const tools = server.tools.map((tool): PrintedTool => {
      const types = toolTypes(tool, { docs, ...pass });
      diagnostics.push(...types.diagnostics);
      for (const alias of types.aliases)
        aliases.set(/^type (\S+)/.exec(alias)?.[1] ?? alias, alias);
      const doc = descriptionComment(tool.definition.description, docs);
      const path = tool.path ?? tool.identifier;
      const end = path.lastIndexOf(".");
      const group = path.slice(0, Math.max(0, end));
      return { group, identifier: path.slice(end + 1), doc, types };
    });
    return { tools, aliases: [...aliases.values()], diagnostics };
  });
}

function withDoc(doc: string, text: string): string {
  return doc === "" ? text : `${doc}\n${text}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
