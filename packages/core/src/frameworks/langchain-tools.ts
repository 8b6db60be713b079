import { CodemodeError } from "../errors.ts";
import type { FunctionTool } from "../function-adapter.ts";
import { readSchema } from "../function-schema.ts";
import type { JsonSchema } from "../json.ts";
import { toSchema } from "./foreign-tool.ts";

/** What is used of a tool of LangChain (`@langchain/core`). */
export interface LangChainTool {
  readonly name: string;
  readonly description?: string;
  /** Of zod, or a JSON Schema. */
  readonly schema?: unknown;
  // A method, so that tools with arguments of any type fit.
  invoke(input: unknown, config?: unknown): unknown;
}

/**
 * LangChain's tools for `createFunctionAdapter`. Arguments are checked by the tools themselves; of one
 * with an artifact programs get the content.
 */
export function toolsFromLangChain(tools: readonly LangChainTool[]): Record<string, FunctionTool> {
  return Object.fromEntries(tools.map((tool) => [tool.name, toFunctionTool(tool)]));
}

function toFunctionTool(tool: LangChainTool): FunctionTool {
  return {
    description: tool.description ?? "",
    input: inputOf(tool),
    run: async (args, { signal }) => toValue(tool.name, await tool.invoke(args, { signal })),
  };
}

// What its tools without a schema take.
const ONE_TEXT: JsonSchema = { type: "object", properties: { input: { type: "string" } } };

function inputOf({ schema: given }: LangChainTool): JsonSchema {
  const schema = toSchema(given);
  const json = schema === undefined ? undefined : readSchema(schema, "input").json;
  return json ?? (isOneText(given) ? ONE_TEXT : { type: "object" });
}

/** A tool without a schema has one that turns `{ input }` into its text. */
function isOneText(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && schema.constructor.name === "ZodEffects";
}

/** Of a whole message the content is the value. */
function toValue(tool: string, result: unknown): unknown {
  if (typeof result !== "object" || result === null || !("lc_namespace" in result)) return result;
  if (!("content" in result)) return result;
  if ("status" in result && result.status === "error")
    throw new CodemodeError("TOOL_FAILED", `Tool "${tool}" failed: ${String(result.content)}`);
  return result.content;
}
