import { countTokens } from "gpt-tokenizer/encoding/o200k_base";

/** What of a tool is sent to a model. */
interface SentTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

/** Tokens that these tools take of each request, as API tool definitions. */
export function definitionTokens(tools: readonly SentTool[]): number {
  const sent = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));
  return countTokens(JSON.stringify(sent));
}
