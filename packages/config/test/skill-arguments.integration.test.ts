import { createToolRegistry } from "@codemode/core";
import type { ExecuteResult } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createSession } from "@codemode/session";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { expect, test } from "vitest";

import { errorOf, valueOf } from "./results.ts";

test("arguments are checked against the skill's types before it runs", async () => {
  const skills = createSkillStore({ storage: createMemoryStorage() });
  await skills.save({
    name: "order",
    source: `interface Line { sku: string; count: number; note?: string | null }
/** Orders. */
export function order(input: { lines: Line[]; mode: "fast" | "slow"; at?: Date; limit?: number }): string {
console.log("ran");
return input.mode + input.lines.length + typeof input.at;
}`,
  });
  await skills.save({
    name: "lenient",
    source: `/** Takes anything. */\nexport const lenient = ({ limit = 5, extra }: { limit?: number; extra?: any } = {}) => [limit, typeof extra];`,
  });
  await skills.save({
    name: "pattern",
    source: `/** Has a default inside. */\nexport const pattern = ({ limit = 5 }) => limit;`,
  });
  await using sandbox = createIsolatedVmSandbox();
  await using registry = createToolRegistry();
  await using session = createSession({ registry, sandbox, skills });
  const call = async (args: string): Promise<ExecuteResult> =>
    session.execute(`await skills.order(${args})`);
  const line = '{ sku: "a", count: 1 }';

  expect(valueOf(await call(`{ lines: [${line}], mode: "fast" }`))).toBe("fast1undefined");
  expect(valueOf(await call('{ lines: [], mode: "slow", at: new Date(0) }'))).toBe("slow0object");
  const wrong = await Promise.all(
    [
      `{ lines: [${line}, { sku: "b", count: "2" }], mode: "fast" }`,
      '{ lines: [], mode: "quick" }',
      "{ lines: {}, mode: 'fast' }",
      '{ lines: [{ sku: "a" }], mode: "fast" }',
      '{ lines: [{ sku: "a", count: 1, note: 5 }], mode: "fast" }',
      '"text"',
    ].map(call),
  );
  const messages = wrong.map((result) => errorOf(result).message);
  expect(messages.map((text) => /": (.*)\. Call it as: order\(/.exec(text)?.[1])).toEqual([
    'lines[1].count must be number, not the string "2"',
    'mode must be "fast" or "slow", not the string "quick"',
    "lines must be array, not an object",
    "lines[0].count is missing",
    "lines[0].note must be string or null, not the number 5",
    'the arguments must be object, not the string "text"',
  ]);
  expect(wrong.flatMap(({ logs }) => logs)).toEqual([]);
  const run = await session.execute(
    'import { run_skill } from "generated/skills";\nawait run_skill({ skill_name: "order", args: { lines: 1 } })',
  );
  expect(valueOf(run)).toMatchObject({
    success: false,
    exit_code: 2,
    root_error_code: "INVALID_ARGUMENTS",
    stdout: "",
  });
  const others = await session.execute(
    "[await skills.lenient(), await skills.lenient({ extra: () => 1 }), await skills.pattern(), await skills.pattern({})]",
  );
  expect(valueOf(others)).toEqual([[5, "undefined"], [5, "function"], 5, 5]);
});
