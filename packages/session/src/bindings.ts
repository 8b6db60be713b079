import type { ToolRegistry } from "@codemode/core";
import type { GuestCatalog, GuestFeature } from "@codemode/sandbox";

/** What programs can call, made once for each revision of the registry. */
export function createBindings(
  registry: ToolRegistry,
  features: readonly GuestFeature[] = [],
): () => GuestCatalog {
  let current: GuestCatalog | undefined;
  return () => {
    const revision = String(registry.revision);
    if (current?.revision === revision) return current;
    const servers = registry.bindings().map(({ server, identifier, tools }) => ({
      server,
      identifier,
      tools: tools.map((tool) => ({
        identifier: tool.identifier,
        tool: tool.definition.canonicalName,
        ...(tool.path === undefined ? {} : { path: tool.path }),
      })),
    }));
    current = { revision, servers, modules: [], features };
    return current;
  };
}
