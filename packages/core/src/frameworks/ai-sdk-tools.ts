import { CodemodeError } from "../errors.ts";
import type { FunctionRunOptions, FunctionTool } from "../function-adapter.ts";
import type { SchemaObject } from "../function-schema.ts";
import { isSchemaObject } from "../function-schema.ts";
import type { JsonObject, JsonSchema } from "../json.ts";
import type { ForeignToolOptions } from "./foreign-tool.ts";
import { requireApproval, toSchema } from "./foreign-tool.ts";

/** What is used of a tool of Vercel's AI SDK (`ai` 5 to 7). */
export interface AiSdkTool {
  readonly description?: unknown;
  /** Of zod or another library, or what `jsonSchema()` gives. */
  readonly inputSchema?: unknown;
  readonly outputSchema?: unknown;
  readonly inputExamples?: unknown;
  readonly deferLoading?: unknown;
  readonly needsApproval?: unknown;
  // A method, so that tools with arguments of any type fit.
  execute?(input: unknown, options: unknown): unknown;
}

/**
 * The tools of a `ToolSet` for `createFunctionAdapter`. Those without `execute` are left out: a provider
 * or a client runs them. Of a tool that yields several values the last one counts.
 */
export function toolsFromAiSdk(
  toolSet: Readonly<Record<string, AiSdkTool>>,
  options: ForeignToolOptions = {},
): Record<string, FunctionTool> {
  const tools: Record<string, FunctionTool> = {};
  for (const [name, tool] of Object.entries(toolSet)) {
    if (tool.execute) tools[name] = toFunctionTool(name, tool, options);
  }
  return tools;
}

function toFunctionTool(name: string, tool: AiSdkTool, options: ForeignToolOptions): FunctionTool {
  const input = readAiSchema(name, tool.inputSchema);
  const output = readAiSchema(name, tool.outputSchema);
  const { description, deferLoading } = tool;
  return {
    description: typeof description === "string" ? description : "",
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    inputExamples: toExamples(tool.inputExamples),
    deferLoading: deferLoading === true,
    async run(args, { signal, callId }) {
      const context = { toolCallId: callId, messages: [], abortSignal: signal, context: undefined };
      if (await needsApproval(tool, args, context))
        await requireApproval(options, { tool: name, args });
      return lastOf(await tool.execute?.(args, context), { signal, callId });
    },
  };
}

async function needsApproval(
  tool: AiSdkTool,
  args: JsonObject,
  context: unknown,
): Promise<boolean> {
  const { needsApproval: needs } = tool;
  return typeof needs === "function" ? Boolean(await needs(args, context)) : needs === true;
}

/** Of a schema made by `jsonSchema()` both halves are kept: what it says, and how it validates. */
function readAiSchema(name: string, given: unknown): SchemaObject | JsonSchema | undefined {
  const schema: unknown = typeof given === "function" && !isSchemaObject(given) ? given() : given;
  if (isSchemaObject(schema)) return schema;
  if (typeof schema !== "object" || schema === null || !("jsonSchema" in schema))
    return toSchema(schema);
  const json = toSchema(schema.jsonSchema);
  if (json === undefined || isSchemaObject(json) || isThenable(schema.jsonSchema)) {
    const message = `The schema of "${name}" is made later. Await it where the tool is made: jsonSchema(await schema).`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  const validate = "validate" in schema ? schema.validate : undefined;
  if (typeof validate !== "function") return json;
  return {
    "~standard": {
      version: 1,
      vendor: "ai",
      jsonSchema: { input: () => toRecord(json), output: () => toRecord(json) },
      async validate(value) {
        const result: unknown = await validate(value);
        if (isFailure(result)) return { issues: [{ message: messageOf(result.error) }] };
        return { value: isSuccess(result) ? result.value : value };
      },
    },
  };
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value;
}

function toRecord(schema: JsonSchema): Record<string, unknown> {
  return typeof schema === "object" ? { ...schema } : {};
}

function isSuccess(result: unknown): result is { readonly value: unknown } {
  return typeof result === "object" && result !== null && "value" in result;
}

function isFailure(result: unknown): result is { readonly error?: unknown } {
  return (
    typeof result === "object" && result !== null && "success" in result && result.success === false
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "does not fit its schema";
}

function toExamples(examples: unknown): readonly JsonObject[] {
  if (!Array.isArray(examples)) return [];
  return examples.flatMap((example: unknown) =>
    typeof example === "object" && example !== null && "input" in example
      ? [{ ...Object(example.input) }]
      : [],
  );
}

async function lastOf(value: unknown, { signal }: FunctionRunOptions): Promise<unknown> {
  if (typeof value !== "object" || value === null || !(Symbol.asyncIterator in value)) return value;
  let last: unknown;
  for await (const item of toIterable(value)) {
    signal.throwIfAborted();
    last = item;
  }
  return last;
}

function toIterable(value: object): AsyncIterable<unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was seen to have the method that makes it one
  return value as AsyncIterable<unknown>;
}
