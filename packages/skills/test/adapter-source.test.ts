import { CodemodeError } from "@codemode/core";
import type { AdapterSkills } from "@codemode/core";
import { createMemoryStorage } from "@codemode/storage";
import { expect, test } from "vitest";

import { createAdapterSource } from "../src/adapter-source.ts";
import { createSkillStore } from "../src/create-skill-store.ts";
import type { SkillSource } from "../src/skill-source.ts";

const FILES = new Map([
  [
    "SKILL.md",
    "---\nname: report\ndescription: Reports weather.\nhooks:\n  on-error: run\n---\nText.\n",
  ],
  ["scripts/report.ts", "/** Reports. */\nexport function run() { return 1; }\n"],
]);

function source(skills: AdapterSkills): SkillSource {
  const made = createAdapterSource({ name: "weather", skills });
  if (!made) throw new Error("no source");
  return made;
}

test("skills of a server are found by origin and read, and their code is nothing to run", async () => {
  const weather = source({
    list: async () => ({
      skills: [
        { name: "report", description: "Reports weather." },
        { name: "own", description: "Theirs." },
        { name: "__proto__", description: "Evil." },
      ],
      diagnostics: [],
    }),
    read: async (name) => (name === "report" ? FILES : undefined),
  });
  await using skills = createSkillStore({ storage: createMemoryStorage(), sources: [weather] });
  await skills.create({ name: "own", description: "Ours.", body: "Ours." });

  const { hits } = await skills.search("weather report");
  const listing = await skills.list();
  const found = await skills.get("report");
  const copy = await skills.create({ name: "my-report", files: found.files });

  expect(hits).toMatchObject([{ name: "report", origin: "mcp:weather" }]);
  expect(listing.skills.map(({ name, origin }) => [name, origin])).toEqual([
    ["own", "store"],
    ["report", "mcp:weather"],
  ]);
  expect(listing.diagnostics.map(({ code }) => code)).toEqual(["SKILL_SHADOWED", "SKILL_UNUSABLE"]);
  expect(found).toMatchObject({ origin: "mcp:weather", body: "Text.\n", scripts: [], hooks: {} });
  expect(found.entry).toBeUndefined();
  expect(copy).toMatchObject({ origin: "store", entry: { path: "scripts/report.ts" } });
});

test("a server that fails or is slow hides no other skill and is told", async () => {
  const failing = source({
    list: () => Promise.reject(new CodemodeError("SERVER_UNAVAILABLE", "It is down.")),
    read: async () => undefined,
  });
  const slow = source({ list: () => new Promise(() => undefined), read: async () => undefined });
  await using skills = createSkillStore({
    storage: createMemoryStorage(),
    sources: [failing, slow],
  });
  await skills.create({ name: "own", description: "Ours.", body: "Ours." });

  const listing = await skills.list();

  expect(listing.skills).toMatchObject([{ name: "own" }]);
  expect(listing.diagnostics).toEqual([
    { code: "SKILLS_UNLISTED", message: expect.stringContaining("It is down.") },
  ]);
});
