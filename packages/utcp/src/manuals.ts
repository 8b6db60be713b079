import { randomUUID } from "node:crypto";

import type { UtcpAdapter, UtcpCallables, UtcpConfig } from "@codemode/adapter-utcp";
import { createUtcpAdapter, manualName } from "@codemode/adapter-utcp";
import type { ToolDefinition, ToolRegistry } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { ManualTemplate, RegisterManualResult } from "./client-types.ts";
import type { UtcpTool } from "./utcp-tool.ts";
import { toUtcpTool } from "./utcp-tool.ts";

/** The manuals of one client: its tool repository. */
export interface Manuals {
  register(template: ManualTemplate): Promise<RegisterManualResult>;
  registerAll(templates: readonly ManualTemplate[]): Promise<readonly RegisterManualResult[]>;
  deregister(name: string): Promise<boolean>;
  /** A tool by its name; also with the name of its manual's only MCP server within. */
  find(name: string): UtcpTool | undefined;
  all(): readonly UtcpTool[];
}

type ManualsConfig = UtcpConfig & { readonly callables?: UtcpCallables | undefined };

/** An empty repository over a registry. */
export function createManuals(registry: ToolRegistry, config: ManualsConfig): Manuals {
  const adapters = new Map<
    string,
    { readonly adapter: UtcpAdapter; readonly template: ManualTemplate }
  >();
  const toTool = (definition: ToolDefinition): UtcpTool => {
    const { server, name } = definition;
    return toUtcpTool(definition, adapters.get(server)?.adapter.templates.get(name));
  };
  const toolsOf = (server: string): readonly UtcpTool[] =>
    registry.list({ server, includeDeferred: true }).map(toTool);

  const register = async (given: ManualTemplate): Promise<RegisterManualResult> => {
    const name = manualName(given.name ?? `manual_${randomUUID()}`);
    const template = { ...given, name };
    if (adapters.has(name)) {
      const message = `Manual "${name}" is registered already. Give this one another name, or deregister that one.`;
      throw new CodemodeError("SERVER_DUPLICATE", message);
    }
    const { variables, folder, postProcessing, callables = {} } = config;
    const adapter = createUtcpAdapter({ template, variables, folder, postProcessing, callables });
    registry.addAdapter(adapter);
    adapters.set(name, { adapter, template });
    const status = await registry.discover(name);
    const errors = status.diagnostics.map(({ message }) => message);
    const result = { manualCallTemplate: template };
    if (status.status === "connected")
      return { ...result, manual: { tools: toolsOf(name) }, success: true, errors };
    await deregister(name);
    const reason = status.error?.message ?? `Manual "${name}" was deregistered meanwhile.`;
    return { ...result, manual: { tools: [] }, success: false, errors: [reason, ...errors] };
  };
  const deregister = async (name: string): Promise<boolean> => {
    if (!adapters.delete(name)) return false;
    await registry.removeAdapter(name);
    return true;
  };
  return {
    register,
    deregister,
    registerAll: (templates) =>
      Promise.all(
        templates.map((template) =>
          register(template).catch((error: unknown) => ({
            manualCallTemplate: template,
            manual: { tools: [] },
            success: false,
            errors: [error instanceof Error ? error.message : String(error)],
          })),
        ),
      ),
    find(name) {
      const definition =
        registry.get(name) ??
        registry.get(withoutServer(name, adapters.get(manualOf(name))?.template));
      return definition && toTool(definition);
    },
    all: () => registry.list({ includeDeferred: true }).map(toTool),
  };
}

function manualOf(name: string): string {
  return name.split(".", 1)[0] ?? "";
}

/** `manual.server.tool` of a manual with one server is `manual.tool`. */
function withoutServer(name: string, template: ManualTemplate | undefined): string {
  const config: unknown = template?.["config"];
  if (typeof config !== "object" || config === null || !("mcpServers" in config)) return name;
  const [server, ...others] = Object.keys(Object(config.mcpServers));
  const manual = manualOf(name);
  const prefix = `${manual}.${server}.`;
  if (server === undefined || others.length > 0 || !name.startsWith(prefix)) return name;
  return `${manual}.${name.slice(prefix.length)}`;
}
