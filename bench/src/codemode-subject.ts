import { createBenchSession, createVariant } from "./sandbox-subject.ts";
import type { Subject } from "./subject.ts";

/** codemode as a user composes it: registry, session, validation and the isolate. */
export async function createSubject(): Promise<Subject> {
  const sandbox = await createVariant("isolated-vm");
  const session = await createBenchSession(sandbox);
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
