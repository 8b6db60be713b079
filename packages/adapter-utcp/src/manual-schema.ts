import type { Diagnostic, JsonSchema } from "@codemode/core";
import { schemaProblem } from "@codemode/core";
import { z } from "zod";

const schema = z.record(z.string(), z.unknown());

const toolSchema = z.looseObject({
  name: z.string().min(1),
  description: z.string().default(""),
  inputs: schema.default({ type: "object", properties: {} }),
  outputs: schema.nullish(),
  tags: z.array(z.string()).default([]),
  average_response_size: z.number().nullish(),
  tool_call_template: schema,
});

const manualSchema = z.looseObject({
  utcp_version: z.string().optional(),
  manual_version: z.string().optional(),
  tools: z.array(z.unknown()),
});

/** A tool as its manual has it. Its call template is not read before the first call. */
export interface ManualTool {
  readonly name: string;
  readonly description: string;
  readonly inputs: JsonSchema;
  readonly outputs: JsonSchema | undefined;
  readonly tags: readonly string[];
  readonly template: Readonly<Record<string, unknown>>;
}

/** The tools of a manual that can be read, and what became of the others. */
export interface ManualTools {
  readonly tools: readonly ManualTool[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the tools of a manual one by one; `undefined` where `value` is no manual. */
export function readManualTools(manual: string, value: unknown): ManualTools | undefined {
  const parsed = manualSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const tools = new Map<string, ManualTool>();
  const diagnostics: Diagnostic[] = [];
  const skip = (name: string, why: string): void => {
    const message = `Tool ${name} of manual "${manual}" is left out: ${why}.`;
    diagnostics.push({ code: "TOOL_SKIPPED", message });
  };
  for (const [index, item] of parsed.data.tools.entries()) {
    const tool = toolSchema.safeParse(item, { error: schemaProblem });
    if (!tool.success) {
      skip(`${index + 1}`, describeIssues(tool.error));
      continue;
    }
    const { inputs, outputs, description, tags, tool_call_template: template } = tool.data;
    const name = withoutPrefix(tool.data.name, manual);
    if (tools.has(name)) skip(JSON.stringify(name), "another one has this name");
    else {
      const described = { name, description, tags, template };
      tools.set(name, { ...described, inputs: asObject(inputs), outputs: typed(outputs) });
    }
  }
  return { tools: [...tools.values()], diagnostics };
}

/** What is wrong with a value, with the places in it. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message))
    .join("; ");
}

/** Whole names are `manual.tool`, and some manuals write them so. */
function withoutPrefix(name: string, manual: string): string {
  const prefix = `${manual}.`;
  return name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : name;
}

/** A call's arguments are always an object, and not all manuals say it. */
function asObject(inputs: Readonly<Record<string, unknown>>): JsonSchema {
  return inputs["type"] === undefined ? { type: "object", ...inputs } : inputs;
}

/** An empty schema types nothing. */
function typed(outputs: JsonSchema | null | undefined): JsonSchema | undefined {
  return outputs && Object.keys(outputs).length > 0 ? outputs : undefined;
}
