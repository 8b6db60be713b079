import type { JsonValue } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";
import type {
  ExecuteRequest,
  ExecuteResult,
  ExecutionError,
  Sandbox,
  SandboxSession,
  SandboxSessionOptions,
} from "@codemode/sandbox";

/** What a program does here, as a function of the request; what it throws is a failed run. */
export type FakeProgram = (request: ExecuteRequest) => Promise<JsonValue | undefined>;

/** A sandbox that runs one function whatever the source says. */
export interface FakeSandbox extends Sandbox {
  readonly opened: readonly SandboxSessionOptions[];
  /** Handles that were disposed, in that order. */
  readonly closed: readonly string[];
}

/** Keeps to the contract of sandboxes, without a border: sessions are about what stands around it. */
export function createFakeSandbox(run: FakeProgram): FakeSandbox {
  const opened: SandboxSessionOptions[] = [];
  const closed: string[] = [];
  return {
    opened,
    closed,
    variant: "fake",
    capabilities: {
      isolation: "none",
      hardKill: false,
      memoryLimit: "none",
      nodeApis: false,
      persistent: true,
      network: false,
    },
    probe: () => Promise.resolve({ ok: true }),
    prewarm: () => Promise.resolve(),
    openSession(options = {}) {
      opened.push(options);
      return Promise.resolve(createFakeGuest(options.id ?? "", run, closed));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function createFakeGuest(id: string, run: FakeProgram, closed: string[]): SandboxSession {
  return {
    id,
    state: "ready",
    async execute(request): Promise<ExecuteResult> {
      const { executionId } = request;
      const calls: ExecuteResult["calls"] = [];
      const rest = { logs: [], calls, warnings: [], session: id, executionId, durationMs: 1 };
      try {
        return { ok: true, value: await run(request), ...rest };
      } catch (error) {
        return { ok: false, error: toError(error), ...rest };
      }
    },
    [Symbol.asyncDispose]() {
      closed.push(id);
      return Promise.resolve();
    },
  };
}

function toError(error: unknown): ExecutionError {
  const message = error instanceof Error ? error.message : String(error);
  if (!isCodemodeError(error))
    return { phase: "run", code: "GUEST_ERROR", name: "Error", message, hints: [] };
  const { code, tool } = error;
  const named = tool === undefined ? {} : { tool };
  return { phase: "tool", code, name: "ToolError", message, hints: [], ...named };
}
