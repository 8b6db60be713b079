import type { JsonValue } from "@codemode/core";
import { z } from "zod";

const names = z.array(z.string()).nullish();

const scope = {
  exclude_tools: names,
  only_include_tools: names,
  exclude_manuals: names,
  only_include_manuals: names,
};

const filterSchema = z.looseObject({
  tool_post_processor_type: z.literal("filter_dict"),
  exclude_keys: names,
  only_include_keys: names,
  ...scope,
});

const limitSchema = z.looseObject({
  tool_post_processor_type: z.literal("limit_strings"),
  limit: z.int().positive().default(10_000),
  ...scope,
});

/** One entry of `post_processing`. */
export const postProcessorSchema = z.discriminatedUnion("tool_post_processor_type", [
  filterSchema,
  limitSchema,
]);

/** What is done to the values of tools. */
export type PostProcessor = z.output<typeof postProcessorSchema>;

/** The value after all processors that are for this tool, in their order. `tool` is `manual.tool`. */
export function postProcess(
  value: JsonValue,
  processors: readonly PostProcessor[],
  { tool, manual }: { readonly tool: string; readonly manual: string },
): JsonValue {
  return processors
    .filter((processor) => isFor(processor, tool, manual))
    .reduce((current, processor) => apply(processor, current), value);
}

function isFor(processor: PostProcessor, tool: string, manual: string): boolean {
  if (processor.only_include_tools && !processor.only_include_tools.includes(tool)) return false;
  if (processor.exclude_tools?.includes(tool) === true) return false;
  if (processor.only_include_manuals && !processor.only_include_manuals.includes(manual))
    return false;
  return processor.exclude_manuals?.includes(manual) !== true;
}

function apply(processor: PostProcessor, value: JsonValue): JsonValue {
  if (processor.tool_post_processor_type === "limit_strings")
    return limitStrings(value, processor.limit);
  const { only_include_keys: only, exclude_keys: exclude } = processor;
  if (only) return keepKeys(value, new Set(only));
  return exclude ? dropKeys(value, new Set(exclude)) : value;
}

function limitStrings(value: JsonValue, limit: number): JsonValue {
  if (typeof value === "string") return value.slice(0, limit);
  return mapInside(value, (item) => limitStrings(item, limit));
}

/** The named keys with all that is in them; other keys only as the way to one of these. */
function keepKeys(value: JsonValue, keys: ReadonlySet<string>): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => keepKeys(item, keys)).filter(isSomething);
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const inner = keepKeys(item, keys);
    const isWay = typeof inner === "object" && inner !== null && isSomething(inner);
    return keys.has(key) || isWay ? [[key, inner] as const] : [];
  });
  return Object.fromEntries(kept);
}

function dropKeys(value: JsonValue, keys: ReadonlySet<string>): JsonValue {
  if (Array.isArray(value)) return value.map((item) => dropKeys(item, keys)).filter(isSomething);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !keys.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, dropKeys(item, keys)]));
}

function isSomething(value: JsonValue): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}

function mapInside(value: JsonValue, change: (item: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
