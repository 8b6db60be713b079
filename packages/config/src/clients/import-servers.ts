import type { Diagnostic } from "@codemode/core";
import { schemaProblem } from "@codemode/core";

import type { McpServerConfig } from "../mcp-server-schema.ts";
import { mcpServerSchema } from "../mcp-server-schema.ts";
import type { FilledVariable } from "../variables.ts";
import { interpolate, secretValues } from "../variables.ts";
import type { ClientName, ClientPlaces } from "./client-files.ts";
import type { ClientServer } from "./read-client.ts";
import { readClient, skipped } from "./read-client.ts";

/** Servers out of the files of clients, ready to be started. */
export interface ImportedServers {
  readonly servers: ReadonlyMap<string, McpServerConfig>;
  /** The file that each of them stands in, for people. */
  readonly files: ReadonlyMap<string, string>;
  /** What its variables stood for: not to be shown. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads clients' files in their order: the first that has a name wins, those in `taken` are left out. */
export async function importServers(
  clients: readonly ClientName[],
  places: ClientPlaces,
  taken: ReadonlySet<string> = new Set(),
): Promise<ImportedServers> {
  const read = await Promise.all(clients.map((client) => readClient(client, places)));
  const servers = new Map<string, McpServerConfig>();
  const files = new Map<string, string>();
  const secrets = new Map<string, readonly string[]>();
  const diagnostics = new Map<string, Diagnostic>();
  const tell = (told: Diagnostic): void => void diagnostics.set(told.message, told);
  for (const { servers: found, diagnostics: told } of read) {
    for (const diagnostic of told) tell(diagnostic);
    for (const server of found) {
      const { name } = server;
      if (taken.has(name) || servers.has(name)) continue;
      const checked = checkServer(server, places.env);
      if ("problem" in checked) tell(skipped(server, checked.problem));
      else {
        servers.set(name, checked.config);
        files.set(name, server.file);
        secrets.set(name, secretValues(checked.filled));
      }
    }
  }
  return { servers, files, secrets, diagnostics: [...diagnostics.values()] };
}

/** Fills in an entry's variables and checks it like one of ours. */
function checkServer(
  { entry, inputs }: ClientServer,
  env: ClientPlaces["env"],
):
  | { readonly problem: string }
  | { readonly config: McpServerConfig; readonly filled: readonly FilledVariable[] } {
  const { value, unset, filled } = interpolate(entry, env);
  const missing = [...new Set(unset.map((variable) => variable.name))];
  if (missing.length > 0) {
    const asked = missing.some((variable) => inputs.includes(variable));
    const why = asked ? " (its client asks a person for it)" : "";
    return {
      problem: `variable ${missing.join(", ")} is not set${why}; set it, or write the server into "mcpServers"`,
    };
  }
  const parsed = mcpServerSchema.safeParse(value, { error: schemaProblem });
  if (parsed.success) return { config: parsed.data, filled };
  const [issue] = parsed.error.issues;
  const key = issue?.path.join(".") ?? "";
  const message = issue?.message.replace(/^(?:Invalid|Too)\b/, (word) => word.toLowerCase());
  return { problem: `${key === "" ? "" : `"${key}": `}${message ?? "it is malformed"}` };
}
