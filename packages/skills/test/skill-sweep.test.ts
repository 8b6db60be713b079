import type { Storage, Store } from "@codemode/storage";
import { createMemoryStorage } from "@codemode/storage";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createSkillStore } from "../src/create-skill-store.ts";
import { createSkillRecords } from "../src/skill-records.ts";

const SOURCE = "/** Greets. */\nexport function greet(name: string) { return `Hi ${name}`; }\n";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function later(hours: number): void {
  vi.setSystemTime(Date.now() + hours * 3_600_000);
}

async function contentKeys(storage: Storage): Promise<readonly string[]> {
  const { entries } = await storage.open("skills").list({ prefix: "content/" });
  return entries.map(({ key }) => key);
}

test("contents that a crash left without a name are swept when they are old, and no others", async () => {
  await using storage = createMemoryStorage();
  await using skills = createSkillStore({ storage });
  await skills.save({ name: "greet", source: SOURCE });
  const records = createSkillRecords(storage.open("skills"));
  const files = new Map([["greet.ts", SOURCE]]);
  await records.putContent("greet", files);
  await records.putContent("never_named", files);
  expect(await records.sweep()).toBe(0);
  later(2);

  expect(await records.sweep()).toBe(2);
  expect(await contentKeys(storage)).toHaveLength(1);
  expect((await skills.get("greet")).description).toContain("Greets");
});

test("a save that slept through a sweep has its contents all the same", async () => {
  await using storage = createMemoryStorage();
  const store = storage.open("skills");
  let swept = 0;
  const sleepy: Store = {
    ...store,
    put: async (key, ...rest) => {
      if (key.startsWith("head/") && swept === 0) {
        later(2);
        swept = await createSkillRecords(store).sweep();
      }
      return await store.put(key, ...rest);
    },
  };
  await using writer = createSkillStore({
    storage: { open: () => sleepy, [Symbol.asyncDispose]: async () => {} },
  });
  await writer.save({ name: "greet", source: SOURCE });
  await using reader = createSkillStore({ storage });

  expect(swept).toBe(1);
  expect((await reader.get("greet")).description).toContain("Greets");
});

test("who saves sweeps once a day", async () => {
  await using storage = createMemoryStorage();
  await using skills = createSkillStore({ storage });
  await skills.save({ name: "greet", source: SOURCE });
  await createSkillRecords(storage.open("skills")).putContent("left", new Map([["left.ts", "1"]]));
  later(25);
  await skills.save({ name: "greet", source: SOURCE.replace("Hi", "Hello") });

  await expect.poll(async () => (await contentKeys(storage)).join(" ")).not.toContain("left");
  expect(await contentKeys(storage)).toHaveLength(2);
});
