import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMemoryStorage } from "@codemode/storage";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createFolderSource } from "../src/folder-source.ts";
import { createSkillStore } from "../src/index.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-documents-"));
});
afterEach(() => rm(folder, { recursive: true }));

const MARKDOWN = `---
name: order-total
description: Adds up an order.
tags: [money]
allowed-tools: shop.order
---

Call it like this:

\`\`\`typescript
await skills.order_total({ prices: [1] });
\`\`\`

\`\`\`ts
export function orderTotal(input: { prices: number[] }): number {
  return input.prices.reduce((sum, price) => sum + price, 0);
}
\`\`\`
`;
const JSON_SKILL = {
  name: "another-name",
  description: "Greets.",
  version: "1.2.0",
  tags: ["text"],
  denied_tools: ["web"],
  user_invocable: false,
  content: "Greet people.",
  code: "export const greet = (name: string): string => 'Hi ' + name;",
};

test("name.skill.md and name.skill.json are skills, with their code as a script", async () => {
  await writeFile(join(folder, "order-total.skill.md"), MARKDOWN);
  await writeFile(join(folder, "greet.skill.json"), JSON.stringify(JSON_SKILL));
  await using skills = createSkillStore({ storage: createMemoryStorage(), folder });

  const { skills: listed } = await skills.list();
  const order = await skills.get("order-total");
  const greet = await skills.get("greet");

  expect(listed.map(({ name, signature }) => [name, signature])).toEqual([
    ["greet", expect.stringContaining("greet(")],
    ["order-total", expect.stringContaining("prices: number[]")],
  ]);
  expect(order).toMatchObject({
    tags: ["money"],
    allowedTools: ["shop.order"],
    body: expect.stringContaining("Call it like this"),
    entry: { path: "scripts/order_total.ts", exportName: "orderTotal" },
  });
  expect(greet).toMatchObject({
    description: "Greets.",
    label: "1.2.0",
    deniedTools: ["web"],
    userInvocable: false,
    body: expect.stringContaining("Greet people."),
    entry: { exportName: "greet" },
  });
});

test("a document that is edited is a new version; one that is changed elsewhere becomes a folder", async () => {
  const path = join(folder, "order-total.skill.md");
  await writeFile(path, MARKDOWN);
  await using skills = createSkillStore({ storage: createMemoryStorage(), folder });
  expect((await skills.get("order-total")).version).toBe(1);

  await writeFile(path, MARKDOWN.replace("Adds up", "Sums up"));
  expect(await skills.get("order-total")).toMatchObject({
    version: 2,
    description: "Sums up an order.",
  });
  await skills.update("order-total", { tags: ["sums"] });

  expect(await readdir(folder)).toEqual(["order-total"]);
  expect(await skills.get("order-total")).toMatchObject({ version: 3, tags: ["sums"] });
});

test("folders that are only read have them too, and what is broken is told", async () => {
  await mkdir(join(folder, "packs"));
  await writeFile(join(folder, "packs/order-total.skill.md"), MARKDOWN);
  await writeFile(join(folder, "broken.skill.json"), "{ no json");
  await writeFile(join(folder, "list.skill.json"), "[]");
  const sources = [createFolderSource(folder)];
  await using skills = createSkillStore({ storage: createMemoryStorage(), sources });

  const { skills: listed, diagnostics } = await skills.list();

  expect(listed.map(({ name }) => name)).toEqual(["order-total"]);
  expect((await skills.get("order-total")).entry?.exportName).toBe("orderTotal");
  expect(diagnostics.map(({ message }) => message).toSorted()).toEqual([
    expect.stringMatching(/"broken".*is no JSON/),
    expect.stringMatching(/"list".*is no object/),
  ]);
});
