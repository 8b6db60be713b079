import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";

import { benchTools } from "./subject.ts";

const anything = { type: "object" };

/** A sandbox of one of the built-in variants. Only its own package is loaded. */
export async function createVariant(variant: string): Promise<Sandbox> {
  switch (variant) {
    case "isolated-vm": {
      const { createIsolatedVmSandbox } = await import("@codemode/sandbox-isolated-vm");
      return createIsolatedVmSandbox();
    }
    case "local-eval": {
      const { createLocalEvalSandbox } = await import("@codemode/sandbox-local-eval");
      return createLocalEvalSandbox({
        workspacePath: mkdtempSync(join(tmpdir(), "codemode-bench-")),
      });
    }
    case "docker": {
      const { createDockerSandbox } = await import("@codemode/sandbox-docker");
      const baseImage = process.env["CODEMODE_BENCH_BASE_IMAGE"];
      return createDockerSandbox(baseImage === undefined ? {} : { baseImage });
    }
    default:
      throw new Error(`There is no sandbox variant "${variant}" to measure.`);
  }
}

/** A session over it, with the two tools that every subject has. */
export async function createBenchSession(sandbox: Sandbox): Promise<Session> {
  const registry = createToolRegistry();
  registry.addAdapter(
    createFunctionAdapter({
      name: "bench",
      tools: {
        echo: { description: "echo", input: anything, run: (args) => benchTools.echo(args) },
        sleep: { description: "sleep", input: anything, run: (args) => benchTools.sleep(args) },
      },
    }),
  );
  await registry.discoverAll();
  return createSession({ registry, sandbox, limits: { maxConcurrentCalls: 1_000 } });
}
