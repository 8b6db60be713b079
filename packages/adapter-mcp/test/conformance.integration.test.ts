import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

// The package has a command only.
const suite = fileURLToPath(
  new URL("../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const client = fileURLToPath(new URL("./fixtures/conformance-client.ts", import.meta.url));

/** Runs what a revision of the protocol requires of clients. None of it needs more than this machine. */
async function required(revision: string): Promise<ReadonlyMap<string, string>> {
  const command = `"${process.execPath}" "${client}"`;
  const args = [
    suite,
    "client",
    "--command",
    command,
    "--requirements",
    revision,
    "--timeout",
    "120000",
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const printed = await text(child.stdout);
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

test.each([
  ["2025-11-25", 18],
  ["2026-07-28", 32],
])(
  "every scenario that revision %s requires of a client is passed",
  async (revision, count) => {
    const outcomes = await required(revision);

    expect([...outcomes].filter(([, outcome]) => !outcome.startsWith("✓"))).toEqual([]);
    expect(outcomes.size).toBe(count);
  },
  300_000,
);
