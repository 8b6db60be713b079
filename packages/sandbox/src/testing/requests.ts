import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { ExecuteRequest, GuestCatalog, GuestToolCaller } from "../sandbox.ts";

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
