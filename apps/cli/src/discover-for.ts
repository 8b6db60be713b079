import type { ToolRegistry } from "@codemode/core";

/**
 * Lists the server that `tool` names, so that a command for one tool neither starts nor waits for
 * the others. They are listed where it has no such tool: they know what comes nearest.
 */
export async function discoverFor(registry: ToolRegistry, tool: string): Promise<void> {
  const named = registry
    .bindings()
    .filter(({ server, identifier }) => [server, identifier].some((name) => isOf(name, tool)));
  const statuses = await Promise.all(named.map(({ server }) => registry.discover(server)));
  const isSettled = registry.get(tool) || statuses.some(({ status }) => status === "failed");
  if (!isSettled) await registry.discoverAll();
}

function isOf(server: string, tool: string): boolean {
  return tool === server || tool.startsWith(`${server}.`) || tool.startsWith(`${server}__`);
}
