import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

import { LongFirst } from "./scripts/long-first.ts";

/** Tests that count processes and files, or that put a module in another's place. */
const ALONE = [
  "packages/sandbox-*/test/**/*.integration.test.ts",
  "packages/config/test/create-session.integration.test.ts",
];
const compileCache = fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

export default defineConfig({
  test: {
    restoreMocks: true,
    expect: {
      // What is to happen happens when a busy machine comes to it.
      poll: { timeout: 30_000 },
      // A test that asserts nothing fails.
      requireAssertions: true,
    },
    // Three at least: the tests of processes and servers wait as much as they compute.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongFirst },
    // Real processes and daemons on a busy machine: the tally names what needed its second try.
    retry: 1,
    reporters: ["default", "./scripts/tally-reporter.ts"],
    // Hundreds of processes run the same sources: each is compiled once.
    env: { NODE_COMPILE_CACHE: compileCache },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
          isolate: false,
          hookTimeout: 60_000,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Projects begin by name: the longest files of all are among these.
          name: "alone",
          include: ALONE,
          exclude: ["**/node_modules/**"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: [
            "{packages,apps,examples}/*/test/**/*.integration.test.ts",
            "scripts/test/**/*.integration.test.ts",
          ],
          exclude: [...ALONE, "**/node_modules/**"],
          // Most of what a file costs is loading the same modules.
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
