import type { JsonObject, JsonValue } from "@codemode/core";
import { createToolRegistry, toolResultToValue } from "@codemode/core";

import type { CliAdapterOptions } from "../src/index.ts";
import { createCliAdapter } from "../src/index.ts";

// Prints its arguments and what else a command gets, as JSON.
const ECHO = `'${process.execPath}' -e 'console.log(JSON.stringify(process.argv.slice(1)))' --`;
/** A command that runs a script, which must not hold a single quote. */
export const node = (script: string): string => `'${process.execPath}' -e '${script}' --`;

/** Calls the direct tool of a command that prints its arguments, or another one of its tools. */
export async function argumentsOf(
  options: Partial<CliAdapterOptions>,
  args: JsonObject,
  tool: string = "echo",
): Promise<JsonValue> {
  return run({ command: ECHO, parseJson: true, ...options }, args, tool);
}

/** Calls a tool of the server `echo` and gives what a program would get. */
export async function run(
  options: Partial<CliAdapterOptions>,
  args: JsonObject,
  tool: string = "echo",
): Promise<JsonValue> {
  await using registry = createToolRegistry();
  registry.addAdapter(createCliAdapter({ name: "echo", ...options }));
  await registry.discoverAll();
  const call = { tool: `echo.${tool}`, args, callId: "1", executionId: "1" };
  const result = await registry.callTool(call, { signal: AbortSignal.timeout(60_000) });
  return toolResultToValue(result, registry.get(call.tool) ?? { canonicalName: call.tool });
}
