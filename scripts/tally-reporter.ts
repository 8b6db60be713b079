import type { Reporter, TestModule } from "vitest/node";

/**
 * Closes a run with one plain line, `N passed, N failed, N skipped`, that any CI can read. Tests
 * that passed only when tried again are named above it: each is to be mended.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tally = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        tally[test.result().state] += 1;
        if (test.diagnostic()?.flaky) {
          process.stdout.write(
            `passed on its second try: ${module.relativeModuleId}: ${test.name}\n`,
          );
        }
      }
      if (module.errors().length > 0) tally.failed += 1;
    }
    process.stdout.write(
      `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`,
    );
  }
}
