import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import { expect, test } from "vitest";

import type { SandboxCapabilities } from "../capabilities.ts";
import type { ExecuteResult, ExecutionError, ExecutionSuccess } from "../execute-result.ts";
import type {
  ExecuteRequest,
  GuestCatalog,
  GuestToolCaller,
  Sandbox,
  SandboxSession,
} from "../sandbox.ts";
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
    programs: readonly string[],
    options?: Partial<ExecuteRequest>,
  ) => Promise<readonly ExecuteResult[]>;
  readonly cited: ReadonlySet<RequirementId>;
}

/** A small catalog: a server with a name that is no identifier, and one module of source. */
export const CATALOG: GuestCatalog = {
  revision: "1",
  servers: [
    {
      server: "file-system",
      identifier: "file_system",
      tools: [
        { identifier: "read", tool: "file-system.read" },
        { identifier: "read_all", tool: "file-system.read-all" },
        { identifier: "fail", tool: "file-system.fail" },
        { identifier: "wait", tool: "file-system.wait" },
        { identifier: "big", tool: "file-system.big" },
      ],
    },
  ],
  modules: [
    {
      specifier: "skills/count",
      source: "let n = 0;\nexport const next = (): number => (n += 1);",
    },
    {
      specifier: "skills/reader",
      source:
        'import { read } from "generated/servers/file-system";\nimport { next } from "skills/count";\nexport default async () => [await read({ path: "m" }), next()];',
    },
    { specifier: "skills/a", source: 'import { b } from "skills/b";\nexport const a = b;' },
    { specifier: "skills/b", source: 'import { a } from "skills/a";\nexport const b = a;' },
    { specifier: "skills/throws", source: 'export const x = 1;\nthrow new Error("broken skill");' },
    { specifier: "skills/unparsable", source: "export const x = ;" },
  ],
};

/** Answers as the catalog's tools do: `read` echoes, `fail` fails, `wait` waits `ms`, `big` is big. */
export const callTool: GuestToolCaller = async (
  { tool, args, raw },
  { signal },
): Promise<JsonValue> => {
  switch (tool) {
    case "file-system.read":
    case "file-system.read-all":
      return raw ? { content: [], structuredContent: args } : args;
    case "file-system.fail":
      throw new CodemodeError("TOOL_FAILED", "no such file", {
        tool,
        details: { errno: 2 },
        retryable: true,
      });
    case "file-system.wait":
      return waitFor(args, signal);
    case "file-system.big":
      return "x".repeat(100_000);
    default:
      throw new CodemodeError(
        "TOOL_NOT_FOUND",
        `Tool "${tool}" not found. Did you mean "file-system.read"?`,
        { tool },
      );
  }
};

function waitFor(args: JsonValue, signal: AbortSignal): Promise<JsonValue> {
  const ms = typeof args === "object" && args !== null && "ms" in args ? Number(args.ms) : 0;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(ms), ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new CodemodeError("CANCELLED", "The call was cancelled."));
    });
  });
}

/** Prepares the tests of one sandbox. */
export function createHarness(sandbox: () => Sandbox, capabilities: SandboxCapabilities): Harness {
  const cited = new Set<RequirementId>();
  const run = createSharedRun(sandbox);
  const runAll: Harness["runAll"] = async (programs, options = {}) => {
    await using session = await sandbox().openSession();
    const results: ExecuteResult[] = [];
    for (const code of programs) {
      // oxlint-disable-next-line no-await-in-loop -- each program may use what those before it made
      results.push(await session.execute(toRequest(code, options)));
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

let executions = 0;

/** A request with all that a program needs. */
export function toRequest(code: string, options: Partial<ExecuteRequest> = {}): ExecuteRequest {
  executions += 1;
  return {
    executionId: `execution-${executions}`,
    code,
    catalog: CATALOG,
    callTool,
    hostFunctions: {},
    ...options,
  };
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
