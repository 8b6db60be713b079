import { toolDeclaration } from "@codemode/codegen";
import type { JsonSchema, ToolDefinition } from "@codemode/core";
import { bindServers, CodemodeError } from "@codemode/core";

/** A tool in UTCP's shape. */
export interface UtcpTool {
  /** `manual.tool`. */
  readonly name: string;
  readonly description: string;
  readonly inputs: JsonSchema;
  readonly outputs: JsonSchema;
  readonly tags: readonly string[];
  /** How it is called. Its variables are not filled in. */
  readonly tool_call_template: unknown;
}

/** A tool of the catalog in UTCP's shape. */
export function toUtcpTool(definition: ToolDefinition, template: unknown): UtcpTool {
  const { canonicalName: name, description, inputSchema: inputs, tags } = definition;
  const outputs = definition.outputSchema ?? {};
  return { name, description, inputs, outputs, tags, tool_call_template: template };
}

/** TypeScript of one tool, as programs call it. Throws `TOOL_NOT_FOUND` for a name that is not `manual.tool`. */
export function toInterface({ name, description, inputs, outputs, tags }: UtcpTool): string {
  const dot = name.indexOf(".");
  if (dot < 1 || dot === name.length - 1) {
    const message = `"${name}" is no tool's name. Names are "manual.tool".`;
    throw new CodemodeError("TOOL_NOT_FOUND", message);
  }
  const isTyped = typeof outputs === "object" && Object.keys(outputs).length > 0;
  const definition: ToolDefinition = {
    server: name.slice(0, dot),
    name: name.slice(dot + 1),
    canonicalName: name,
    description,
    inputSchema: inputs,
    ...(isTyped ? { outputSchema: outputs } : {}),
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags,
    meta: {},
  };
  return bindServers([definition])
    .flatMap((server) => server.tools.map((tool) => toolDeclaration(server, tool)))
    .join("\n");
}
