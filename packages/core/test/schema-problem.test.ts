import { expect, test } from "vitest";
import { z } from "zod";

import { schemaProblem } from "../src/index.ts";

const SERVER = z.strictObject({
  command: z.string(),
  args: z.array(z.string()).optional(),
  timeout: z.number().optional(),
  retries: z.int().min(0).max(5).optional(),
  token: z.string().min(16).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  type: z.enum(["memory", "redis"]).optional(),
  tags: z.array(z.string()).nonempty().optional(),
  allow: z.union([z.literal("none"), z.strictObject({ hosts: z.array(z.string()) })]).optional(),
  from: z.union([z.string(), z.array(z.string())]).optional(),
});

function problems(value: object): readonly string[] {
  const given = SERVER.safeParse({ command: "x", ...value }, { error: schemaProblem });
  return (given.error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`);
}

test.each([
  [{ command: undefined }, "command is missing"],
  [{ args: "-y" }, "args must be a list, not a string"],
  [{ args: [1] }, "args.0 must be a string, not a number"],
  [{ timeout: "30s" }, "timeout must be a number, not a string"],
  [{ timeout: null }, "timeout must be a number, not null"],
  [{ retries: 1.5 }, "retries must be a whole number, not a fraction"],
  [{ retries: -1 }, "retries must be at least 0"],
  [{ retries: 9 }, "retries must be at most 5"],
  [{ token: "short" }, "token must have at least 16 characters"],
  [{ headers: [] }, "headers must be an object, not a list"],
  [{ type: "reds" }, 'type must be "memory" or "redis". Did you mean "redis"?'],
  [{ type: 5 }, 'type must be "memory" or "redis"'],
  [{ tags: [] }, "tags must have at least 1 entry"],
  [{ from: 5 }, "from must be a string or a list, not a number"],
  [{ from: ["a", 5] }, "from 1 must be a string, not a number"],
])("a schema's refusal of %j is told in words that say what to write", (value, said) => {
  expect(problems(value)).toEqual([said]);
});

test("the value that is refused stands in no message", () => {
  const said = problems({ timeout: "sk-secret", type: "sk-secret", from: { key: "sk-secret" } });

  expect(said).toHaveLength(3);
  expect(said.join("\n")).not.toContain("sk-secret");
});
