import * as fc from "fast-check";

import type {
  ExecuteRequest,
  GuestToolCaller,
  Sandbox,
  SandboxSession,
} from "../../packages/sandbox/src/index.ts";
import { checkResult, SECRET } from "./check-result.ts";
import { programArbitrary } from "./program-arbitrary.ts";

/** What a run of the fuzzer takes. */
export interface FuzzOptions {
  readonly sandbox: Sandbox;
  readonly runs: number;
  /** The same seed makes the same programs. */
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
}

/** What came out: how programs ended, by code, and the first failure where there is one. */
export interface FuzzReport {
  readonly ends: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  readonly failure: string | undefined;
}

const TIMEOUT_MS = 300;
// A session is soiled by the programs before.
const PROGRAMS_A_SESSION = 10;

/** Runs generated programs; whatever they do, the result is typed and the host unharmed. */
export async function runFuzz({
  sandbox,
  runs,
  seed,
  onProgress,
}: FuzzOptions): Promise<FuzzReport> {
  const ends = new Map<string, number>();
  const host = watchHost();
  let session: SandboxSession | undefined;
  let done = 0;
  let slowestMs = 0;

  const run = async (code: string): Promise<void> => {
    if (session?.state !== "ready" || done % PROGRAMS_A_SESSION === 0) {
      await session?.[Symbol.asyncDispose]();
      session = await sandbox.openSession();
    }
    done += 1;
    onProgress?.(done);
    const executionId = `fuzz-${done}`;
    host.running.add(executionId);
    const result = await session.execute(toRequest(executionId, code, host.callTool));
    host.running.delete(executionId);
    slowestMs = Math.max(slowestMs, result.durationMs);
    const end = result.ok ? "ok" : result.error.code;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    const wrong = [...checkResult(result, TIMEOUT_MS), ...host.takeFaults()];
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  };
  try {
    const details = await fc.check(fc.asyncProperty(programArbitrary, run), {
      numRuns: runs,
      seed,
    });
    const failure = details.failed
      ? `${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}`
      : undefined;
    return { ends, slowestMs, failure };
  } finally {
    await session?.[Symbol.asyncDispose]();
    host[Symbol.dispose]();
  }
}

function toRequest(executionId: string, code: string, callTool: GuestToolCaller): ExecuteRequest {
  const tools = ["read", "fail", "wait"].map((name) => ({
    identifier: name,
    tool: `file-system.${name}`,
  }));
  return {
    executionId,
    code,
    catalog: {
      revision: "1",
      servers: [{ server: "file-system", identifier: "file_system", tools }],
      modules: [],
    },
    hostFunctions: {},
    callTool,
    limits: { timeoutMs: TIMEOUT_MS, computeMs: 150, maxLogBytes: 4_096 },
  };
}

interface HostWatch extends Disposable {
  readonly running: Set<string>;
  readonly callTool: GuestToolCaller;
  /** What went wrong in the host since it was last asked. */
  takeFaults(): readonly string[];
}

/** Sees late calls, unhandled rejections and changed prototypes of the host. */
function watchHost(): HostWatch {
  const running = new Set<string>();
  let faults: string[] = [];
  const onFault = (reason: unknown): void => void faults.push(`the host: ${String(reason)}`);
  process.on("unhandledRejection", onFault);
  process.on("uncaughtException", onFault);
  process.env["FUZZ_SECRET"] = SECRET;
  const prototypes = [Object.prototype, Array.prototype, Function.prototype, Promise.prototype];
  const shape = (): string => prototypes.map((one) => Reflect.ownKeys(one).length).join();
  const before = shape();
  return {
    running,
    async callTool({ executionId, tool, args }, { signal }) {
      if (!running.has(executionId)) faults.push(`a late call of ${tool}`);
      if (tool.endsWith(".fail")) throw new Error("It fails.");
      if (tool.endsWith(".wait")) await wait(signal);
      return args;
    },
    takeFaults() {
      const found = shape() === before ? faults : [...faults, "the host's prototypes changed"];
      faults = [];
      return found;
    },
    [Symbol.dispose]() {
      process.off("unhandledRejection", onFault);
      process.off("uncaughtException", onFault);
      delete process.env["FUZZ_SECRET"];
    },
  };
}

function wait(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 20);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
