import { expect, test } from "vitest";

import type { SkillRule } from "../../src/skills/skill-rules.ts";
import { createSkillRules } from "../../src/skills/skill-rules.ts";

type Lists = Partial<Omit<SkillRule, "name">>;

function rulesOf(skills: Readonly<Record<string, Lists>>) {
  const rules = createSkillRules();
  for (const [name, lists] of Object.entries(skills))
    rules.add(`${name}@1`, { name, deniedTools: [], ...lists });
  return rules;
}

const denied = (message: string) =>
  expect.objectContaining({ code: "TOOL_DENIED", message: expect.stringContaining(message) });

test.each(["shop.add", "shop__add", "mcp__shop__add", "shop", "shop.*", "*"])(
  "a tool can be named as %s in either list",
  (pattern) => {
    const rules = rulesOf({ may: { allowedTools: [pattern] }, not: { deniedTools: [pattern] } });

    expect(() => rules.check("may@1", "shop.add")).not.toThrow();
    expect(() => rules.check("not@1", "shop.add")).toThrow(denied('Skill "not" may not call'));
  },
);

test("a tool that is not on the list of allowed ones is denied, and the list is told", () => {
  const rules = rulesOf({ reader: { allowedTools: ["shop.list"] }, none: { allowedTools: [] } });

  expect(() => rules.check("reader@1", "shop.add")).toThrow(denied("name shop.list. Call it from"));
  expect(() => rules.check("reader@1", "shop.list_all")).toThrow(denied("shop.list_all"));
  expect(() => rules.check("none@1", "shop.list")).toThrow(denied("name no tool"));
});

test("a server's name that begins alike is another server", () => {
  const rules = rulesOf({ may: { allowedTools: ["shop"] } });

  expect(() => rules.check("may@1", "shopping.add")).toThrow(denied("shopping.add"));
});

test("every skill on the way to a call must be allowed to make it, and denial wins", () => {
  const rules = rulesOf({
    free: {},
    reader: { allowedTools: ["shop.list"] },
    both: { allowedTools: ["*"], deniedTools: ["shop.add"] },
  });

  expect(() => rules.check("free@1", "shop.add")).not.toThrow();
  expect(() => rules.check("free@1>reader@1", "shop.add")).toThrow(denied('Skill "reader"'));
  expect(() => rules.check("reader@1>free@1", "shop.add")).toThrow(denied('Skill "reader"'));
  expect(() => rules.check("both@1", "shop.add")).toThrow(denied("denied-tools"));
});

test("a skill that was never handed out may call nothing: a guest can say what it likes", () => {
  const rules = rulesOf({ free: {} });

  expect(() => rules.check("forged@9", "shop.add")).toThrow(denied('skill "forged"'));
  expect(() => rules.check("free@1>forged@9", "shop.add")).toThrow(denied('skill "forged"'));
  expect(() => rules.check("", "shop.add")).toThrow(denied("shop.add"));
});
