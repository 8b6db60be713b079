import type { StandardSchemaV1 } from "@standard-schema/spec";

import { argumentsError } from "./arguments-error.ts";
import { checkFunctionTools } from "./check-function-tools.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { CodemodeError } from "./errors.ts";
import type { SchemaObject } from "./function-schema.ts";
import { isSchemaObject, readSchema } from "./function-schema.ts";
import type { JsonObject, JsonSchema, JsonValue } from "./json.ts";
import type { ToolAdapter } from "./tool-adapter.ts";
import type { ToolCallOptions } from "./tool-caller.ts";
import { canonicalName } from "./tool-name.ts";
import type { ToolAnnotations, ToolCall, ToolDefinition, ToolResult } from "./tool.ts";

/** What `run` is given: the schema object's parsed output, or the arguments as they are. */
export type FunctionArgs<Schema> =
  Schema extends StandardSchemaV1<infer _Input, infer Output> ? Output : JsonObject;

/** What `run` is told beside its arguments. */
export interface FunctionRunOptions extends ToolCallOptions {
  readonly callId: string;
}

/** A plain function as a tool. */
export interface FunctionTool<Schema = unknown> {
  readonly description: string;
  /** A schema object (zod and others) or a JSON Schema. Default: any object. */
  readonly input?: Schema & (SchemaObject | JsonSchema);
  /** Schema of the value that `run` gives; it types the result for programs. */
  readonly output?: SchemaObject | JsonSchema;
  /** Gives a JSON value. What it throws becomes the tool's failure, with its message. */
  run(args: FunctionArgs<Schema>, options: FunctionRunOptions): unknown;
  readonly annotations?: ToolAnnotations;
  readonly tags?: readonly string[];
  readonly inputExamples?: readonly JsonObject[];
  /** Left out of listings, still found by search. Default `false`. */
  readonly deferLoading?: boolean;
}

/** What a function adapter is made of. */
export interface FunctionAdapterOptions<Schemas> {
  readonly name: string;
  readonly description?: string;
  readonly tools: { readonly [Name in keyof Schemas]: FunctionTool<Schemas[Name]> };
}

/**
 * A server whose tools are functions of this process. Throws `CONFIG_INVALID` for a tool without `run`, and
 * for a schema that is none, such as the bare shape `{ id: z.string() }`.
 */
export function createFunctionAdapter<const Schemas extends Record<string, unknown>>(
  options: FunctionAdapterOptions<Schemas>,
): ToolAdapter {
  checkFunctionTools(options);
  const { name, description } = options;
  const tools = new Map<string, RunnableTool>();
  for (const [key, tool] of Object.entries<AnyFunctionTool>(options.tools)) {
    tools.set(key, runnable(name, key, tool));
  }
  return {
    name,
    ...(description === undefined ? {} : { description }),
    transport: "functions",
    listTools: () =>
      Promise.resolve({
        tools: [...tools.values()].map((tool) => tool.definition),
        diagnostics: [...tools.values()].flatMap((tool) => tool.diagnostics),
      }),
    async callTool(call, callOptions) {
      const tool = tools.get(call.tool.slice(name.length + 1));
      if (!tool) {
        throw new CodemodeError("TOOL_NOT_FOUND", `Tool "${call.tool}" not found.`, {
          tool: call.tool,
        });
      }
      callOptions.signal.throwIfAborted();
      return await tool.run(call, callOptions);
    },
    check: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A tool whose argument type is checked where it is declared. */
interface AnyFunctionTool extends Omit<FunctionTool, "run" | "input"> {
  readonly input?: SchemaObject | JsonSchema;
  run(args: unknown, options: FunctionRunOptions): unknown;
}

interface RunnableTool {
  readonly diagnostics: readonly Diagnostic[];
  readonly definition: ToolDefinition;
  readonly run: (call: ToolCall, options: ToolCallOptions) => Promise<ToolResult>;
}

function runnable(server: string, name: string, tool: AnyFunctionTool): RunnableTool {
  const { input, output } = tool;
  const read = readSchema(input ?? { type: "object" }, "input");
  const given = output === undefined ? undefined : readSchema(output, "output");
  const definition: ToolDefinition = {
    server,
    name,
    canonicalName: canonicalName(server, name),
    description: tool.description,
    inputSchema: read.json ?? { type: "object" },
    ...(given?.json === undefined ? {} : { outputSchema: given.json }),
    inputExamples: tool.inputExamples ?? [],
    deferLoading: tool.deferLoading ?? false,
    annotations: tool.annotations ?? {},
    tags: tool.tags ?? [],
    meta: {},
  };
  const { canonicalName: named } = definition;
  return {
    definition,
    diagnostics: [
      ...untyped(named, "arguments", read.problem),
      ...untyped(named, "value", given?.problem),
    ],
    async run(call, options) {
      const args = await parseArgs(input, call);
      const value = await tool.run(args, { ...options, callId: call.callId });
      return toToolResult(value, call.tool);
    },
  };
}

function untyped(tool: string, what: string, problem: string | undefined): readonly Diagnostic[] {
  if (problem === undefined) return [];
  const message = `Tool "${tool}": its ${what} cannot be typed for programs: ${problem}. Give a JSON Schema, or a schema that can be written as one.`;
  return [{ code: "SCHEMA_UNTYPED", message }];
}

async function parseArgs(
  schema: SchemaObject | JsonSchema | undefined,
  call: ToolCall,
): Promise<unknown> {
  if (!isSchemaObject(schema)) return call.args;
  const parsed = await schema["~standard"].validate(call.args);
  if (!parsed.issues) return parsed.value;
  const problems = parsed.issues.map((issue) => `${formatPath(issue.path)}${issue.message}`);
  throw argumentsError(call.tool, ...problems);
}

function formatPath(path: StandardSchemaV1.Issue["path"]): string {
  const keys = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  return keys.length === 0 ? "" : `${keys.join(".")}: `;
}

function toToolResult(value: unknown, tool: string): ToolResult {
  if (value === undefined) return { content: [] };
  if (typeof value === "string") return { content: [{ type: "text", text: value }] };
  try {
    const json = JSON.stringify(value);
    if (json === undefined) throw new TypeError(`a ${typeof value} is not JSON`);
    const structuredContent: JsonValue = JSON.parse(json);
    return { content: [], structuredContent };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodemodeError("TOOL_FAILED", `Tool "${tool}" returned no JSON: ${reason}`, {
      cause: error,
      tool,
    });
  }
}
