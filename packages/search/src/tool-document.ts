import type { ToolDefinition } from "@codemode/core";
import { isRecord } from "@codemode/core";

import { bigrams, tokenize } from "./tokenize.ts";

/** Where a word stands: its weight, and how much a long text counts against it (BM25F's w and b). */
export const TOOL_FIELDS = {
  name: { weight: 3, lengthEffect: 0.5 },
  server: { weight: 1.5, lengthEffect: 0.3 },
  title: { weight: 1.5, lengthEffect: 0.3 },
  description: { weight: 1, lengthEffect: 0.75 },
  serverDescription: { weight: 0.4, lengthEffect: 0.75 },
  parameters: { weight: 0.8, lengthEffect: 0.75 },
  parameterDescriptions: { weight: 0.3, lengthEffect: 0.75 },
  choices: { weight: 0.2, lengthEffect: 0.75 },
} as const;

/** A tool as words. */
export interface ToolDocument {
  readonly tool: ToolDefinition;
  readonly words: Readonly<Record<keyof typeof TOOL_FIELDS, readonly string[]>>;
  /** Adjacent words of name and description. */
  readonly phrases: ReadonlySet<string>;
}

/** Takes a tool apart. Its schema is untrusted: only what has the expected form is read. */
export function toToolDocument(
  tool: ToolDefinition,
  serverDescription: string | undefined,
): ToolDocument {
  const parameters = readParameters(tool.inputSchema);
  const name = tokenize(tool.name);
  const description = tokenize(tool.description);
  return {
    tool,
    words: {
      name,
      server: tokenize(tool.server),
      title: tokenize([tool.annotations.title ?? "", ...tool.tags].join(" ")),
      description,
      serverDescription: tokenize(serverDescription ?? ""),
      parameters: tokenize(parameters.names.join(" ")),
      parameterDescriptions: tokenize(parameters.descriptions.join(" ")),
      choices: tokenize(parameters.choices.join(" ")),
    },
    phrases: new Set([...bigrams(name), ...bigrams(description)]),
  };
}

interface Parameters {
  readonly names: string[];
  readonly descriptions: string[];
  readonly choices: string[];
}

function readParameters(schema: unknown): Parameters {
  const found: Parameters = { names: [], descriptions: [], choices: [] };
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  if (!isRecord(properties)) return found;
  for (const [name, property] of Object.entries(properties).slice(0, 100)) {
    found.names.push(name);
    if (!isRecord(property)) continue;
    const { description } = property;
    if (typeof description === "string") found.descriptions.push(description);
    const choices = property["enum"];
    if (Array.isArray(choices)) {
      found.choices.push(...choices.slice(0, 50).filter((choice) => typeof choice === "string"));
    }
  }
  return found;
}
