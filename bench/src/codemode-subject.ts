import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createSession } from "@codemode/session";

import type { BenchTools, Subject } from "./subject.ts";

const anything = { type: "object" };

/** codemode as a user composes it: registry, session, validation, audit and the isolate. */
export async function createSubject(tools: BenchTools): Promise<Subject> {
  const registry = createToolRegistry();
  registry.addAdapter(
    createFunctionAdapter({
      name: "bench",
      tools: {
        echo: { description: "echo", input: anything, run: (args) => tools.echo(args) },
        sleep: { description: "sleep", input: anything, run: (args) => tools.sleep(args) },
      },
    }),
  );
  await registry.discoverAll();
  const sandbox = createIsolatedVmSandbox();
  const session = createSession({ registry, sandbox, limits: { maxConcurrentCalls: 1000 } });
  const { session: handle } = await session.execute("0");

  const run = async (code: string, guest?: string): Promise<unknown> => {
    const result = await session.execute(code, guest === undefined ? {} : { session: guest });
    if (!result.ok) throw new Error(result.error.message);
    // The value is there; taking the guest apart is nobody's waiting time.
    if (guest === undefined) setImmediate(() => void session.closeGuest(result.session));
    return result.value;
  };
  return {
    runFresh: (code) => run(code),
    runSession: (code) => run(code, handle),
    rest: () => sandbox.prewarm(1),
    call: (tool, args) => `bench.${tool}(${args})`,
  };
}
