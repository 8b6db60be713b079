import type { BoundServer } from "@codemode/core";
import { GUEST_DECLARATIONS } from "@codemode/sandbox";

/**
 * The names under which programs import a server's tools, for editors: without them a file that runs
 * would be underlined. The types are those of the modules beside.
 */
export function importedModules(servers: readonly BoundServer[]): string {
  return servers
    .flatMap((server) =>
      ["servers", "mcp"].map((root) =>
        [
          `declare module "generated/${root}/${server.identifier}" {`,
          ...memberNames(server).map(
            (name) =>
              `  export const ${name}: typeof import("./servers/${server.identifier}/index.js").${name};`,
          ),
          "}\n",
        ].join("\n"),
      ),
    )
    .join("\n");
}

/** What every program has without an import: `tools`, with all servers, `artifacts`, `deps`, ... */
export function guestGlobals(servers: readonly BoundServer[]): string {
  const members = servers
    // A namespace without a function is no value.
    .filter(({ tools }) => tools.length > 0)
    .map(({ identifier }) => `  readonly ${identifier}: typeof ${identifier};\n`);
  return `${GUEST_DECLARATIONS}\ndeclare const tools: CatalogTools & {\n${members.join("")}};\n`;
}

/** Tools, and the namespaces of those with dots in their names. */
function memberNames({ tools }: BoundServer): readonly string[] {
  const names = tools.map(({ identifier, path }) => path?.split(".")[0] ?? identifier);
  return [...new Set(names)].toSorted();
}
