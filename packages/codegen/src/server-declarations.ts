import type { BoundServer, BoundTool, Diagnostic } from "@codemode/core";

import { descriptionComment } from "./doc-comment.ts";
import type { GeneratedText } from "./schema-declarations.ts";
import type { ToolTypes } from "./tool-types.ts";
import { toolTypes } from "./tool-types.ts";
import { freshName } from "./type-name.ts";
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
  return serverDeclarations({ ...server, tools: [tool] }, options).text;
}

/** A server's tools as `declare namespace`, the way programs call them. */
export function serverDeclarations(
  server: BoundServer,
  options: DeclarationOptions = {},
): GeneratedText {
  const { docs = "full" } = options;
  const { tools, aliases, diagnostics } = typesOfServer(server, docs);
  const functions = tools.map(({ doc, identifier, types }) =>
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
  const { tools, aliases, diagnostics } = typesOfServer(server, docs);
  const exported = tools.map(({ doc, identifier, types }) =>
    withDoc(
      doc,
      `export declare const ${identifier}: Tool<[${types.parameter}], ${types.output}>;`,
    ),
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

interface PrintedTool {
  readonly identifier: string;
  readonly doc: string;
  readonly types: ToolTypes;
}

interface PrintedServer {
  readonly tools: readonly PrintedTool[];
  readonly aliases: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

// A shorter type costs less where it stands than as a name.
const MIN_SHARED_LENGTH = 80;

/** Prints twice: the first time finds the types that several places have in common. */
function typesOfServer(server: BoundServer, docs: Docs): PrintedServer {
  const placesByText = new Map<string, { readonly hint: string; readonly keys: string[] }>();
  const names = new Set(server.tools.map(({ identifier }) => identifier));
  const first = new Set(names);
  for (const tool of server.tools) {
    toolTypes(tool, {
      docs,
      taken: first,
      onPrint({ key, text, hint }) {
        if (text.length < MIN_SHARED_LENGTH || !text.startsWith("{") || !text.endsWith("}")) return;
        const places = placesByText.get(text) ?? { hint, keys: [] };
        places.keys.push(key);
        placesByText.set(text, places);
      },
    });
  }
  const taken = new Set(names);
  const sharedNames = new Map<string, string>();
  for (const { hint, keys } of placesByText.values()) {
    if (keys.length < 2) continue;
    const name = freshName(hint, taken);
    for (const key of keys) sharedNames.set(key, name);
  }
  const aliases = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const tools = server.tools.map((tool): PrintedTool => {
    const types = toolTypes(tool, { docs, taken, sharedNames });
    diagnostics.push(...types.diagnostics);
    for (const alias of types.aliases) aliases.set(/^type (\S+)/.exec(alias)?.[1] ?? alias, alias);
    return {
      identifier: tool.identifier,
      doc: descriptionComment(tool.definition.description, docs),
      types,
    };
  });
  return { tools, aliases: [...aliases.values()], diagnostics };
}

function withDoc(doc: string, text: string): string {
  return doc === "" ? text : `${doc}\n${text}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
