import type { Sandbox } from "@codemode/sandbox";

/** A program's value in a session of its own, or its error as text. */
export async function runIn(sandbox: Sandbox, code: string): Promise<unknown> {
  await using session = await sandbox.openSession();
  const result = await session.execute({
    executionId: "e",
    code,
    catalog: { revision: "0", servers: [], modules: [] },
    hostFunctions: {},
    callTool: () => Promise.resolve(null),
  });
  return result.ok ? result.value : `${result.error.code}: ${result.error.message}`;
}
