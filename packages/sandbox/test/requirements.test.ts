import { expect, test } from "vitest";

import type { SandboxCapabilities } from "../src/capabilities.ts";
import { REQUIREMENTS } from "../src/testing/requirements.ts";
import type { Requirement } from "../src/testing/requirements/requirement.ts";
import { requires } from "../src/testing/requirements/requirement.ts";

const requirements: Readonly<Record<string, Requirement>> = REQUIREMENTS;
const flags = [true, false] as const;
const ALL: readonly SandboxCapabilities[] = flags.flatMap((hardKill) =>
  flags.flatMap((nodeApis) =>
    flags.flatMap((persistent) =>
      flags.flatMap((network) =>
        (["none", "soft", "hard"] as const).map((memoryLimit) => ({
          isolation: "process" as const,
          hardKill,
          memoryLimit,
          nodeApis,
          persistent,
          network,
        })),
      ),
    ),
  ),
);

test("there are over 150 requirements, each with words of its own", () => {
  const behaviors = Object.values(requirements).map(({ behavior }) => behavior);

  expect(behaviors.length).toBeGreaterThanOrEqual(150);
  expect(new Set(behaviors).size).toBe(behaviors.length);
});

test("wherever a requirement does not hold, the one that it names does", () => {
  for (const [id, requirement] of Object.entries(requirements)) {
    if (!requirement.needs) continue;
    const otherwise = requirements[requirement.otherwise ?? ""];
    expect(otherwise).toBeDefined();
    for (const capabilities of ALL) {
      const held = [requirement, otherwise].filter((one) => one && requires(one, capabilities));
      expect({ id, capabilities, held }).not.toMatchObject({ held: [] });
    }
  }
});
