import { tool } from "ai";
import { expect, test } from "vitest";
import { z } from "zod";

import { toolsFromMastra } from "../../src/index.ts";
import { takeOver } from "./run-tools.ts";

/** The published shape of what `createTool` of `@mastra/core` 1.71 makes, which installs 153 packages. */
function createTool<Input, Output>(options: {
  readonly id: string;
  readonly description: string;
  readonly inputSchema: z.ZodType<Input>;
  readonly outputSchema?: z.ZodType<Output>;
  readonly requireApproval?: boolean | ((input: Input) => boolean);
  readonly execute: (
    input: Input,
    context: { readonly abortSignal?: AbortSignal },
  ) => Promise<Output>;
}) {
  const { inputSchema, requireApproval, execute } = options;
  return {
    ...options,
    mastra: undefined,
    requireApproval: typeof requireApproval === "function" ? undefined : requireApproval,
    needsApprovalFn: typeof requireApproval === "function" ? requireApproval : undefined,
    async execute(input: Input, context: { readonly abortSignal?: AbortSignal }) {
      const parsed = inputSchema.safeParse(input);
      if (parsed.success) return execute(parsed.data, context);
      const message = `Tool input validation failed for ${options.id}.`;
      return { error: true as const, message, validationErrors: { errors: [], fields: {} } };
    },
  };
}

const weather = createTool({
  id: "get-weather",
  description: "The weather.",
  inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
  outputSchema: z.object({ text: z.string() }),
  execute: async ({ city, days }, { abortSignal }) => ({
    text: `${city} ${days} ${abortSignal?.aborted}`,
  }),
});

test("tools go by the names of the record; a failed check of arguments is an error", async () => {
  await using shop = await takeOver(toolsFromMastra({ weather }));

  expect(shop.tools).toMatchObject([
    {
      canonicalName: "shop.weather",
      inputSchema: { properties: { city: { type: "string" } } },
      outputSchema: { properties: { text: { type: "string" } } },
    },
  ]);
  expect(await shop.call("weather", { city: "Rome" })).toEqual({ text: "Rome 1 false" });
  await expect(shop.call("weather", { city: 1 })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: "Tool input validation failed for get-weather.",
  });
});

test("approval is asked for where a tool wants it; tools of the AI SDK may be among them", async () => {
  const pay = createTool({
    id: "pay",
    description: "Pays.",
    inputSchema: z.object({ sum: z.number() }),
    requireApproval: ({ sum }) => sum > 10,
    execute: async ({ sum }) => sum,
  });
  const erase = createTool({
    id: "erase",
    description: "Erases.",
    inputSchema: z.object({}),
    requireApproval: true,
    execute: async () => "gone",
  });
  const now = tool({ inputSchema: z.object({}), execute: () => "12:00" });
  await using shop = await takeOver(toolsFromMastra({ pay, erase, now }));

  expect(await shop.call("pay", { sum: 5 })).toBe(5);
  await expect(shop.call("pay", { sum: 50 })).rejects.toThrow("needs approval");
  await expect(shop.call("erase")).rejects.toThrow("needs approval");
  expect(await shop.call("now")).toBe("12:00");
});
