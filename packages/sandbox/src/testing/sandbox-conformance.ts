import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { SandboxCapabilities } from "../capabilities.ts";
import type { Sandbox } from "../sandbox.ts";
import { testCallEnds } from "./call-end-tests.ts";
import { testCallFailures } from "./call-failure-tests.ts";
import { testCalls } from "./call-tests.ts";
import { testErrors } from "./error-tests.ts";
import { testEscapes } from "./escape-tests.ts";
import { testFeatures } from "./feature-tests.ts";
import { testGlobals } from "./global-tests.ts";
import { createHarness } from "./harness.ts";
import { testHelpers } from "./helper-tests.ts";
import { testImports } from "./import-tests.ts";
import { testLimits } from "./limit-tests.ts";
import { testLogs } from "./log-tests.ts";
import { testPauses } from "./pause-tests.ts";
import { testPrograms } from "./program-tests.ts";
import { testReplaced } from "./replaced-tests.ts";
import { REQUIREMENTS } from "./requirements.ts";
import { testSkillCalls } from "./skill-call-tests.ts";
import { testSkills } from "./skill-tests.ts";
import { testState } from "./state-tests.ts";
import { testStopping } from "./stop-tests.ts";
import { testValues } from "./value-tests.ts";

/** What the suite needs to know of a sandbox. */
export interface SandboxConformanceOptions {
  /** For the titles. */
  readonly name: string;
  /** A fresh sandbox, each time. */
  readonly createSandbox: () => Sandbox;
  /** What it promises; the suite checks that it says the same of itself. */
  readonly capabilities: SandboxCapabilities;
}

/** Registers the tests of all requirements. Call it at the top of a vitest file. */
export function testSandboxConformance(options: SandboxConformanceOptions): void {
  const { name, createSandbox, capabilities } = options;
  describe(name, () => {
    let sandbox: Sandbox | undefined;
    const harness = createHarness(() => (sandbox ??= createSandbox()), capabilities);
    beforeAll(async () => {
      // No program may see it; see "escape.secrets" and "node.globals".
      process.env["CONFORMANCE_SECRET"] = "conformance-secret-9d2c";
      sandbox = createSandbox();
      await sandbox.prewarm(2);
    });
    afterAll(async () => {
      delete process.env["CONFORMANCE_SECRET"];
      await sandbox?.[Symbol.asyncDispose]();
    });

    for (const register of [
      testValues,
      testErrors,
      testCalls,
      testCallEnds,
      testCallFailures,
      testPauses,
      testFeatures,
      testImports,
      testHelpers,
      testSkills,
      testSkillCalls,
      testState,
      testPrograms,
      testLogs,
      testLimits,
      testGlobals,
      testEscapes,
      testReplaced,
    ]) {
      register(harness);
    }
    testStopping(harness, createSandbox);
    test("it promises what the suite was told, and runs here", async () => {
      expect(harness.sandbox().capabilities).toEqual(capabilities);
      expect(await harness.sandbox().probe()).toEqual({ ok: true });
    });
    test("every requirement is tested", () => {
      expect([...harness.cited].toSorted()).toEqual(Object.keys(REQUIREMENTS).toSorted());
    });
  });
}
