import { expect, test } from "vitest";

import type { SandboxCapabilities } from "../capabilities.ts";
import type { ExecuteResult, ExecutionError, ExecutionSuccess } from "../execute-result.ts";
import type { ExecuteRequest, Sandbox, SandboxSession } from "../sandbox.ts";
import { toRequest } from "./requests.ts";
import type { RequirementId } from "./requirements.ts";
import { REQUIREMENTS } from "./requirements.ts";
import type { Requirement } from "./requirements/requirement.ts";
import { requires } from "./requirements/requirement.ts";

/** One program, or several of one session: the last one counts. `alone`: in a session of their own. */
export type ProgramCase = readonly [
  id: RequirementId,
  programs: string | readonly string[],
  expected: unknown,
  alone?: "alone",
];

/** A program, or one with more than its source: limits that hold for it alone. */
type TestProgram = string | (Partial<ExecuteRequest> & { readonly code: string });

/** What the tests of all topics share. */
export interface Harness {
  readonly sandbox: () => Sandbox;
  /** A test of one requirement, where it holds; remembers that the requirement is tested. */
  readonly check: (id: RequirementId, body: () => Promise<void>, detail?: string) => void;
  /** Tests of programs that give a value without a warning. Several of one id are told apart by number. */
  readonly gives: (cases: readonly ProgramCase[]) => void;
  /** Tests of programs that fail with an error like this. */
  readonly fails: (cases: readonly ProgramCase[]) => void;
  /** Runs one program in a session that many tests share. */
  readonly run: (code: string, options?: Partial<ExecuteRequest>) => Promise<ExecuteResult>;
  /** Runs programs one after another in a session of their own. */
  readonly runAll: (
    programs: readonly TestProgram[],
    options?: Partial<ExecuteRequest>,
  ) => Promise<readonly ExecuteResult[]>;
  /** How a program ends that is stopped, and what the next one of its session gives: 1 where what was there before lives on. */
  readonly runStopped: (
    code: string,
    options: () => Partial<ExecuteRequest>,
  ) => Promise<readonly [stopped: ExecuteResult, after: ExecuteResult]>;
  readonly cited: ReadonlySet<RequirementId>;
}

/** Prepares the tests of one sandbox. */
export function createHarness(sandbox: () => Sandbox, capabilities: SandboxCapabilities): Harness {
  const cited = new Set<RequirementId>();
  const run = createSharedRun(sandbox);
  const runAll: Harness["runAll"] = async (programs, options = {}) => {
    await using session = await sandbox().openSession();
    const results: ExecuteResult[] = [];
    for (const program of programs) {
      const request =
        typeof program === "string"
          ? toRequest(program, options)
          : toRequest(program.code, { ...options, ...program });
      // oxlint-disable-next-line no-await-in-loop -- each program may use what those before it made
      results.push(await session.execute(request));
    }
    return results;
  };
  const check: Harness["check"] = (id, body, detail) => {
    cited.add(id);
    const { behavior }: Requirement = REQUIREMENTS[id];
    const title = detail === undefined ? `${id}: ${behavior}` : `${id}: ${behavior} (${detail})`;
    // oxlint-disable-next-line vitest/expect-expect -- the body is given, and asserts
    test.runIf(requires(REQUIREMENTS[id], capabilities))(title, body);
  };
  const forEach = (
    cases: readonly ProgramCase[],
    body: (result: ExecuteResult | undefined, expected: unknown) => void,
  ): void => {
    for (const [index, [id, programs, expected, alone]] of cases.entries()) {
      const same = cases.slice(0, index).filter(([other]) => other === id).length;
      const codes = [programs].flat();
      const ask = async (): Promise<void> => {
        if (alone) return body((await runAll(codes)).at(-1), expected);
        let last: ExecuteResult | undefined;
        // oxlint-disable-next-line no-await-in-loop -- each program may use what those before it made
        for (const code of codes) last = await run(code);
        return body(last, expected);
      };
      check(id, ask, same === 0 ? undefined : String(same + 1));
    }
  };
  return {
    sandbox,
    check,
    cited,
    run,
    runAll,
    runStopped: createStoppedRun(sandbox),
    gives: (cases) =>
      forEach(cases, (result, expected) => {
        expect(valueOf(result)).toEqual(expected);
        expect(result?.warnings).toEqual([]);
      }),
    fails: (cases) =>
      forEach(cases, (result, expected) =>
        expect(errorOf(result)).toMatchObject({ ...Object(expected) }),
      ),
  };
}

/** Runs in one session as long as it lives; what is wrong with one program is no matter for the next. */
function createSharedRun(sandbox: () => Sandbox): Harness["run"] {
  let shared: SandboxSession | undefined;
  return async (code, options = {}) => {
    if (shared?.state !== "ready") shared = await sandbox().openSession();
    return await shared.execute(toRequest(code, options));
  };
}

/**
 * A guest that a busy machine does not let run for a quarter of a second is ended by force, and its
 * variables are gone: then all is done again. Where they are never kept, that is what is given.
 */
function createStoppedRun(sandbox: () => Sandbox): Harness["runStopped"] {
  const runOnce: Harness["runStopped"] = async (code, options) => {
    await using session = await sandbox().openSession();
    await session.execute(toRequest("var kept = 1;"));
    const stopped = await session.execute(toRequest(code, options()));
    return [stopped, await session.execute(toRequest("kept"))];
  };
  return async (code, options) => {
    let results = await runOnce(code, options);
    for (let left = 5; left > 0 && codeOf(results[1]) === "SESSION_LOST"; left -= 1) {
      // oxlint-disable-next-line no-await-in-loop -- again only where it was ended by force
      results = await runOnce(code, options);
    }
    return results;
  };
}

/** The code of its error; `undefined` for a success. */
export function codeOf(result: ExecuteResult | undefined): string | undefined {
  return !result || result.ok ? undefined : result.error.code;
}

/** The success that a result must be. */
export function valueOf(result: ExecuteResult | undefined): ExecutionSuccess["value"] {
  if (result && !result.ok) expect.fail(`The program failed: ${result.error.message}`);
  return result?.value;
}

/** The error that a result must be. */
export function errorOf(result: ExecuteResult | undefined): ExecutionError {
  if (!result || result.ok) return expect.fail("The program did not fail.");
  return result.error;
}
