import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { SkillTestResult } from "@codemode/session";
import { runSkillTests } from "@codemode/session";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { afterAll, expect, test } from "vitest";

const sandbox = createIsolatedVmSandbox();
afterAll(() => sandbox[Symbol.asyncDispose]());

const SKILL_MD = "---\nname: total\ndescription: Adds prices.\n---\nAdds the prices of an order.\n";
const RUN = `export async function run(input: { id: number }): Promise<number> {
  const { prices } = await shop.order({ id: input.id });
  if (prices.length === 0) throw new RangeError("order " + input.id + " is empty");
  return prices.reduce((a, b) => a + b, 0);
}`;

async function results(
  files: Readonly<Record<string, string>>,
  name?: string,
): Promise<readonly SkillTestResult[]> {
  const store = createSkillStore({ storage: createMemoryStorage() });
  await store.save({
    name: "total",
    files: { "SKILL.md": SKILL_MD, "scripts/run.ts": RUN, ...files },
  });
  return runSkillTests({ store, sandbox, ...(name === undefined ? {} : { name }) });
}

test("cases with recorded answers run offline, and say what is wrong", async () => {
  const ran = await results({
    "tests/cases.json": JSON.stringify({
      cases: [
        {
          name: "adds",
          args: { id: 1 },
          tools: { "shop.order": [{ prices: [1, 2] }] },
          expected: 3,
        },
        {
          name: "fails",
          args: { id: 2 },
          tools: { "shop.order": { prices: [] } },
          error: "RangeError",
        },
        {
          name: "told",
          args: { id: 3 },
          tools: { "shop.order": [{ $error: "down" }] },
          error: "down",
        },
        { name: "wrong", args: { id: 4 }, tools: { "shop.order": [{ prices: [4] }] }, expected: 5 },
        {
          name: "unexpected",
          args: { id: 5 },
          tools: { "shop.order": [{ prices: [] }] },
          expected: 5,
        },
        { name: "too few", args: { id: 6 }, tools: { "shop.order": [] } },
      ],
    }),
    "tests/broken.json": "{",
    "tests/odd.json": JSON.stringify([{ arg: 1 }]),
  });

  expect(ran).toMatchObject([
    { path: "tests/broken.json", ok: false, message: expect.stringContaining("no JSON") },
    { path: "tests/cases.json", name: "adds", ok: true },
    { name: "fails", ok: true },
    { name: "told", ok: true },
    { name: "wrong", ok: false, message: "It gave 4, expected was 5." },
    {
      name: "unexpected",
      ok: false,
      message: expect.stringMatching(
        /order 5 is empty.*scripts\/run:3|order 5 is empty.*skills\/total:3/,
      ),
    },
    { name: "too few", ok: false, message: expect.stringContaining("0 recorded answers") },
    { path: "tests/odd.json", ok: false, message: expect.stringContaining('"arg"') },
  ]);
});

test("test files run in the sandbox, with test, describe and expect", async () => {
  const ran = await results({
    "tests/run.tools.json": JSON.stringify({ "shop.order": [{ prices: [1, 2] }, { prices: [] }] }),
    "tests/run.test.ts": `import { run } from "../scripts/run.ts";
describe("run", () => {
  test("adds", async () => { expect(await run({ id: 1 })).toBe(3); });
  it("throws", async () => { await expect(() => run({ id: 2 })).toThrow("RangeError"); });
});
test("differs", () => { expect({ b: [1, { c: 2 }], a: 1 }).toEqual({ a: 1, b: [1, { c: 2 }] }); expect([1]).not.toContain(2); expect("x").toBe("y"); });`,
    "tests/plain.test.ts":
      'import { run } from "skills/total"; if (typeof run !== "function") throw new Error("no run");',
    "tests/throws.test.ts": '\nthrow new Error("at once");',
  });

  expect(ran).toEqual([
    { skill: "total", path: "tests/plain.test.ts", name: "tests/plain.test.ts", ok: true },
    { skill: "total", path: "tests/run.test.ts", name: "run > adds", ok: true },
    { skill: "total", path: "tests/run.test.ts", name: "run > throws", ok: true },
    {
      skill: "total",
      path: "tests/run.test.ts",
      name: "differs",
      ok: false,
      message: 'expected "x" to be "y"',
    },
    {
      skill: "total",
      path: "tests/throws.test.ts",
      name: "tests/throws.test.ts",
      ok: false,
      message: expect.stringContaining("at once (skills/total/tests/throws.test:2)"),
    },
  ]);
});

test("a skill without tests has no results, one that is not there is an error", async () => {
  expect(await results({}, "total")).toEqual([]);
  await expect(results({}, "totl")).rejects.toMatchObject({ code: "SKILL_NOT_FOUND" });
});
