import { expect, test } from "vitest";

import { createMcpAdapter } from "../src/index.ts";
import { ERAS, fixture } from "./support.ts";

const options = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(60_000) });

test.each(ERAS)(
  "skills of a server are listed and read with their digests checked, by revision %s",
  async (revision, protocolEra) => {
    await using adapter = createMcpAdapter({
      name: "weather",
      protocolEra,
      ...fixture("skills-stdio.ts"),
    });

    const listing = await adapter.skills?.list(options());
    const files = await adapter.skills?.read("weather-report", options());

    expect(adapter.protocol).toBe(revision);
    expect(listing?.skills).toEqual([
      { name: "weather-report", description: "Tells the weather of a town." },
    ]);
    expect(listing?.diagnostics).toEqual([
      { code: "SKILL_LEFT_OUT", message: expect.stringContaining("no digests") },
    ]);
    expect([...(files?.keys() ?? [])].toSorted()).toEqual([
      "SKILL.md",
      "assets/a b.bin",
      "scripts/report.ts",
    ]);
    expect(await adapter.skills?.read("anything", options())).toBeUndefined();
  },
);

test("a file that is not what its digest says is refused, and nothing of the skill is given", async () => {
  const { command, args } = fixture("skills-stdio.ts");
  await using adapter = createMcpAdapter({ name: "weather", command, args: [...args, "lie"] });
  await adapter.skills?.list(options());

  await expect(adapter.skills?.read("weather-report", options())).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining('"weather"'),
  });
});

test("a server without skills has none, and a server that cannot be reached is an error", async () => {
  await using plain = createMcpAdapter({ name: "asking", ...fixture("asking-stdio.ts") });
  await using missing = createMcpAdapter({ name: "missing", command: "/nothing/here" });

  expect(await plain.skills?.list(options())).toEqual({ skills: [], diagnostics: [] });
  await expect(missing.skills?.list(options())).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
  });
});
