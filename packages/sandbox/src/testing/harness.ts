import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import { expect } from "vitest";

import type { SandboxCapabilities } from "../capabilities.ts";
import type { ExecuteResult, ExecutionError, ExecutionSuccess } from "../execute-result.ts";
import type {
  ExecuteRequest,
  GuestCatalog,
  GuestToolCaller,
  Sandbox,
  SandboxSession,
} from "../sandbox.ts";
import type { Requirement, RequirementId } from "./requirements.ts";
import { REQUIREMENTS } from "./requirements.ts";

/** What the tests of all topics share. */
export interface Harness {
  readonly capabilities: SandboxCapabilities;
  readonly sandbox: () => Sandbox;
  /** Whether a requirement holds here; its tests run only then. */
  readonly holds: (id: RequirementId) => boolean;
  /** A test's title; remembers that the requirement is tested. */
  readonly verifies: (id: RequirementId, detail?: string) => string;
  /** Runs one program in a session of its own. */
  readonly run: (code: string, options?: Partial<ExecuteRequest>) => Promise<ExecuteResult>;
  /** Runs programs one after another in one session. */
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
  let executions = 0;
  const request = (code: string, options: Partial<ExecuteRequest>): ExecuteRequest => {
    executions += 1;
    return {
      executionId: `execution-${executions}`,
      code,
      catalog: CATALOG,
      callTool,
      hostFunctions: {},
      ...options,
    };
  };
  const runAll: Harness["runAll"] = async (programs, options = {}) => {
    await using session = await sandbox().openSession();
    return await runIn(
      session,
      programs.map((code) => request(code, options)),
    );
  };
  return {
    capabilities,
    sandbox,
    cited,
    holds: (id) => needsOf(id)?.(capabilities) ?? true,
    verifies(id, detail) {
      cited.add(id);
      const { behavior } = REQUIREMENTS[id];
      return detail === undefined ? `${id}: ${behavior}` : `${id}: ${behavior} (${detail})`;
    },
    async run(code, options = {}) {
      const [result] = await runAll([code], options);
      if (!result) throw new Error("A program gave no result.");
      return result;
    },
    runAll,
  };
}

async function runIn(
  session: SandboxSession,
  requests: readonly ExecuteRequest[],
): Promise<readonly ExecuteResult[]> {
  const results: ExecuteResult[] = [];
  for (const one of requests) {
    // oxlint-disable-next-line no-await-in-loop -- each program may use what those before it made
    results.push(await session.execute(one));
  }
  return results;
}

function needsOf(id: RequirementId): Requirement["needs"] {
  const requirement: Requirement = REQUIREMENTS[id];
  return requirement.needs;
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
