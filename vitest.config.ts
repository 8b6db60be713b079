import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    restoreMocks: true,
    reporters: ["default", "./scripts/tally-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
          isolate: false,
          testTimeout: 20_000,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
