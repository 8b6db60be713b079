import type { JsonValue } from "@codemode/core";
import { FilterDictPostProcessor, LimitStringsPostProcessor } from "@utcp/sdk";
import { describe, expect, test } from "vitest";

import { postProcess, postProcessorSchema } from "../src/post-process.ts";

const VALUES: readonly JsonValue[] = [
  null,
  "text",
  7,
  [],
  {},
  {
    id: 1,
    name: "long enough",
    other: { id: 2, deep: { name: "x" } },
    list: [{ id: 3 }, { z: 1 }],
  },
  [{ other: 1 }, { id: { other: 2, id: 3 } }, [], "word", [[{ id: 1 }]]],
  { other: { other: [] }, id: [1, "two", { other: 3 }] },
];

const CONFIGS = [
  { tool_post_processor_type: "filter_dict", only_include_keys: ["id", "name"] },
  { tool_post_processor_type: "filter_dict", exclude_keys: ["id", "other"] },
  { tool_post_processor_type: "filter_dict", exclude_keys: ["id"], only_include_keys: ["id"] },
  { tool_post_processor_type: "filter_dict", exclude_keys: ["id"], exclude_tools: ["m.t"] },
  { tool_post_processor_type: "filter_dict", exclude_keys: ["id"], only_include_manuals: ["n"] },
] as const;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it reads the names only
const scope = [{}, { name: "m.t" }, { name: "m" }] as never as Parameters<
  FilterDictPostProcessor["postProcess"]
>;

describe("the reference client's processors give the same", () => {
  test.each(CONFIGS)("%j", (config) => {
    const own = postProcessorSchema.parse(config);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types want lists that can be written to
    const theirs = new FilterDictPostProcessor(config as never);
    const [caller, tool, manual] = scope;

    for (const value of VALUES) {
      const ours = postProcess(value, [own], {
        tool: "m.t",
        manual: "m",
      });
      expect(ours).toEqual(theirs.postProcess(caller, tool, manual, structuredClone(value)));
    }
  });

  test("texts that are too long are cut", () => {
    const config = { tool_post_processor_type: "limit_strings", limit: 4 } as const;
    const theirs = new LimitStringsPostProcessor(config);
    const [caller, tool, manual] = scope;

    for (const value of VALUES) {
      const ours = postProcess(value, [config], { tool: "m.t", manual: "m" });
      expect(ours).toEqual(theirs.postProcess(caller, tool, manual, structuredClone(value)));
    }
  });
});
