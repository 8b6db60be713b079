import type { JsonObject, ToolDefinition } from "@codemode/core";
import { z } from "zod";

const flag = z.boolean().optional().catch(undefined);
const strings = z.array(z.string()).optional().catch(undefined);
const examples = z.array(z.record(z.string(), z.json())).optional().catch(undefined);
const tagged = z.looseObject({ tags: strings }).optional().catch(undefined);

const FORMER_FASTMCP = "_fastmcp";

// In the spelling of the protocol, and in that of the model APIs.
const metaSchema = z.looseObject({
  deferLoading: flag,
  defer_loading: flag,
  inputExamples: examples,
  input_examples: examples,
  tags: strings,
  // Where the most used Python framework puts them, now and before.
  fastmcp: tagged,
  [FORMER_FASTMCP]: tagged,
});

/** What a tool's metadata says that the catalog has a place for. */
export function readToolMeta(
  meta: Readonly<Record<string, unknown>>,
): Pick<ToolDefinition, "deferLoading" | "inputExamples" | "tags"> {
  const read = metaSchema.parse(meta);
  const inputExamples: readonly JsonObject[] = read.inputExamples ?? read.input_examples ?? [];
  return {
    deferLoading: read.deferLoading ?? read.defer_loading ?? false,
    inputExamples,
    tags: read.tags ?? read.fastmcp?.tags ?? read[FORMER_FASTMCP]?.tags ?? [],
  };
}
