import { CodemodeError } from "../errors.ts";
import type { FunctionTool } from "../function-adapter.ts";
import { readSchema } from "../function-schema.ts";
import type { JsonObject } from "../json.ts";
import type { AiSdkTool } from "./ai-sdk-tools.ts";
import { toolsFromAiSdk } from "./ai-sdk-tools.ts";
import type { ForeignToolOptions } from "./foreign-tool.ts";
import { requireApproval, toSchema } from "./foreign-tool.ts";

/** What is used of a tool of Mastra (`@mastra/core` 1). */
export interface MastraTool {
  readonly id: string;
  readonly description?: unknown;
  readonly inputSchema?: unknown;
  readonly outputSchema?: unknown;
  readonly inputExamples?: unknown;
  readonly requireApproval?: unknown;
  readonly needsApprovalFn?: unknown;
  // A method, so that tools with arguments of any type fit.
  execute?(input: unknown, context: unknown): unknown;
}

/**
 * Mastra's tools for `createFunctionAdapter`, by the names that an agent would have; tools of the AI SDK
 * may be among them. Arguments are checked by the tools themselves.
 */
export function toolsFromMastra(
  tools: Readonly<Record<string, MastraTool | AiSdkTool>>,
  options: ForeignToolOptions = {},
): Record<string, FunctionTool> {
  const taken: Record<string, FunctionTool> = {};
  for (const [name, tool] of Object.entries(tools)) {
    if (!("id" in tool)) Object.assign(taken, toolsFromAiSdk({ [name]: tool }, options));
    else if (tool.execute) taken[name] = toFunctionTool(name, tool, options);
  }
  return taken;
}

function toFunctionTool(name: string, tool: MastraTool, options: ForeignToolOptions): FunctionTool {
  const { description, inputSchema, outputSchema } = tool;
  const input = toSchema(inputSchema);
  const json = input === undefined ? undefined : readSchema(input, "input").json;
  const output = toSchema(outputSchema);
  return {
    description: typeof description === "string" ? description : "",
    ...(json === undefined ? {} : { input: json }),
    ...(output === undefined ? {} : { output }),
    async run(args, { signal }) {
      const context = { abortSignal: signal };
      if (await needsApproval(tool, args, context))
        await requireApproval(options, { tool: name, args });
      return toValue(name, await tool.execute?.(args, context));
    },
  };
}

async function needsApproval(
  { requireApproval: needs, needsApprovalFn }: MastraTool,
  args: JsonObject,
  context: unknown,
): Promise<boolean> {
  const ask = typeof needs === "function" ? needs : needsApprovalFn;
  return typeof ask === "function" ? Boolean(await ask(args, context)) : needs === true;
}

/** Arguments that do not fit are an answer in Mastra, and an error here. */
function toValue(tool: string, result: unknown): unknown {
  if (typeof result !== "object" || result === null) return result;
  if (!("error" in result && result.error === true && "validationErrors" in result)) return result;
  const said = "message" in result ? String(result.message) : `Wrong arguments for "${tool}".`;
  throw new CodemodeError("INVALID_ARGUMENTS", said, { tool });
}
