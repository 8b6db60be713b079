import { CodemodeError, didYouMean } from "@codemode/core";

import type { ConfigSessionOptions } from "./create-session.ts";
import { withImports } from "./create-session.ts";
import { loadConfig } from "./load-config.ts";
import { toAdapterOptions } from "./mcp-adapters.ts";

/** Which server, and what to do. */
export interface ServerLoginOptions extends Pick<
  ConfigSessionOptions,
  "configPath" | "cwd" | "env"
> {
  readonly server: string;
  /** Told the page that the person is to open. */
  readonly onAuthorizationUrl: (url: URL) => void;
  readonly signal: AbortSignal;
}

/** Logs a person in to a server of the config. Gives `false` where the server wants no login. */
export async function logInToServer(options: ServerLoginOptions): Promise<boolean> {
  const { logIn } = await import("@codemode/adapter-mcp");
  return logIn(await remoteServer(options), options);
}

/** Forgets the login to a server of the config. Gives whether there was one. */
export async function logOutOfServer(
  options: Omit<ServerLoginOptions, "onAuthorizationUrl" | "signal">,
): Promise<boolean> {
  const { logOut } = await import("@codemode/adapter-mcp");
  return logOut(await remoteServer(options));
}

async function remoteServer({
  server: name,
  ...options
}: Pick<ServerLoginOptions, "server" | "configPath" | "cwd" | "env">) {
  const { config, secrets, folder } = await withImports(await loadConfig(options), options);
  const server = Object.hasOwn(config.mcpServers, name) ? config.mcpServers[name] : undefined;
  if (!server) {
    const names = Object.keys(config.mcpServers);
    const known =
      names.length === 0
        ? " The config has none."
        : ` The MCP servers are: ${names.slice(0, 20).join(", ")}.`;
    const message = `There is no MCP server ${JSON.stringify(name)} to log in to.${didYouMean(name, names) || known}`;
    throw new CodemodeError("SERVER_NOT_FOUND", message);
  }
  const adapter = toAdapterOptions(name, server, { identity: {}, folder });
  if ("url" in adapter && adapter.oauth?.grant !== "client_credentials")
    return { ...adapter, secrets: secrets.get(name) ?? [] };
  const why = "url" in adapter ? "logs in by itself" : "is a command, so its login is its own";
  const message = `Server "${name}" ${why}. There is nothing to do here.`;
  throw new CodemodeError("CONFIG_INVALID", message);
}
