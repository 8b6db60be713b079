import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

// The package has a command only.
const suite = fileURLToPath(
  new URL("../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const client = fileURLToPath(new URL("./fixtures/conformance-client.ts", import.meta.url));

/** What the suite prints. */
async function runSuite(...options: readonly string[]): Promise<string> {
  const command = `"${process.execPath}" "${client}"`;
  const args = [suite, "client", "--command", command, "--timeout", "120000", ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return err + out;
}

/**
 * What is wrong with a scenario by itself. All at once are a load that no client has: on a busy
 * machine one or another of them then waits in vain.
 */
async function failureAlone(scenario: string, revision: string): Promise<readonly string[]> {
  const printed = await runSuite("--scenario", scenario, "--spec-version", revision);
  return printed.includes("OVERALL: PASSED") ? [] : [printed];
}

/** Runs what a revision of the protocol requires of clients. None of it needs more than this machine. */
async function required(revision: string): Promise<ReadonlyMap<string, string>> {
  const printed = await runSuite("--requirements", revision);
  const [, summary = ""] = printed.split("=== SUITE SUMMARY ===");
  const [scenarios = "", unscored = ""] = summary.split(/^Not scored/m);
  const ignored = new Set(unscored.matchAll(/^ {2}✗ (\S+)/gm).map(([, name]) => name ?? ""));
  const lines = scenarios.matchAll(/^([✓✗]) (\S+): (.*)$/gm);
  return new Map(
    lines
      .filter(([, , name = ""]) => !ignored.has(name))
      .map(([, mark = "", name = "", counts = ""]) => [name, `${mark} ${counts}`]),
  );
}

// Every scenario starts a process.
describe.runIf(process.env["CI"] !== undefined)("where CI is set", () => {
  test.each([
    ["2025-11-25", 18],
    ["2026-07-28", 32],
  ])(
    "every scenario that revision %s requires of a client is passed",
    async (revision, count) => {
      const outcomes = await required(revision);

      const failures: string[] = [];
      for (const [scenario, outcome] of outcomes) {
        if (outcome.startsWith("✓")) continue;
        // oxlint-disable-next-line no-await-in-loop -- each by itself is the point
        failures.push(...(await failureAlone(scenario, revision)));
      }
      expect(failures).toEqual([]);
      expect(outcomes.size).toBe(count);
    },
    300_000,
  );
});
