// Eight real MCP servers in one catalog, one program over all of them, and what that saves in tokens.
import { readFile } from "node:fs/promises";

import { escapeTerminalText } from "@codemode/core";
import { createToolset } from "@codemode/toolset";

import { openExample } from "./open-example.ts";
import { definitionTokens } from "./token-costs.ts";

function print(text: string): void {
  process.stdout.write(`${escapeTerminalText(text)}\n`);
}

await using example = await openExample();
const { session, servers } = example.codemode;

print("server               tools   ms   tokens of its definitions (o200k)");
for (const { name, toolCount, latencyMs = 0, error } of servers) {
  const tokens = definitionTokens(session.registry.list({ server: name, includeDeferred: true }));
  const row = [name.padEnd(20), String(toolCount).padStart(5), latencyMs.toFixed(0).padStart(4)];
  print(error === undefined ? `${row.join(" ")}   ${tokens}` : `${name}: ${error.message}`);
}
const all = session.registry.list({ includeDeferred: true });
const own = createToolset({ session }).tools;
print(`all ${all.length} handed to the model: ${definitionTokens(all)} tokens in each request`);
print(`code mode's ${own.length} tools instead: ${definitionTokens(own)} tokens`);

const program = await readFile(new URL("../program.ts", import.meta.url), "utf8");
const result = await session.execute(program);
const outcome = result.ok ? result.value : result.error;
print(`the program made ${result.calls.length} calls: ${JSON.stringify(outcome, null, 2)}`);
process.exitCode = result.ok ? 0 : 1;
