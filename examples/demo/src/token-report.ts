import type { ToolDefinition } from "@codemode/core";
import type { Toolset } from "@codemode/toolset";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";

/** What a tool definition has that a model is sent. */
interface SentTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

/** Tokens of tool definitions, as they go to a model with each request. */
export interface DefinitionCost {
  readonly tools: number;
  readonly tokens: number;
}

function cost(tools: readonly SentTool[]): DefinitionCost {
  const sent = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));
  return { tools: sent.length, tokens: countTokens(JSON.stringify(sent)) };
}

/** Counts with the o200k tokenizer: every server's tool handed to the model, against code mode's own tools. */
export function compareDefinitions(
  catalog: readonly ToolDefinition[],
  toolset: Toolset,
): { readonly direct: DefinitionCost; readonly codeMode: DefinitionCost } {
  return { direct: cost(catalog), codeMode: cost(toolset.tools) };
}
