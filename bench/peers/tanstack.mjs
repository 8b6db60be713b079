// @tanstack/ai-code-mode with its Node driver: an isolate in the host's process, a context for each run.
import { stripTypeScript } from "@tanstack/ai-code-mode";
import { createNodeIsolateDriver } from "@tanstack/ai-isolate-node";

export async function createSubject({ echo, sleep }) {
  const driver = createNodeIsolateDriver({ skipProbe: true });
  const binding = (name, execute) => ({
    name,
    description: name,
    inputSchema: { type: "object", properties: {} },
    execute,
  });
  const bindings = {
    external_echo: binding("external_echo", echo),
    external_sleep: binding("external_sleep", sleep),
  };
  const runFresh = async (code) => {
    const context = await driver.createContext({ bindings, timeout: 30_000 });
    try {
      const result = await context.execute(await stripTypeScript(code));
      if (!result.success) throw new Error(result.error?.message ?? "failed");
      return result.value;
    } finally {
      await context.dispose();
    }
  };
  return { runFresh, call: (name, args) => `external_${name}(${args})` };
}
