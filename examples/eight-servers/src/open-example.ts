import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ConfigSession, ConfigSessionOptions } from "@codemode/config";
import { createSessionFromConfig } from "@codemode/config";

import type { Backend } from "./backend.ts";
import { startBackend } from "./backend.ts";
import { serverConfig } from "./server-config.ts";

/** The eight servers, connected, in a folder of their own. */
export interface Example extends AsyncDisposable {
  readonly codemode: ConfigSession;
  readonly backend: Backend;
  /** Holds `codemode.config.json`, and what the servers write. Removed at the end. */
  readonly folder: string;
  /** The variables that the config names. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Writes the config file and opens it, with further servers where they are given. */
export async function openExample(
  furtherServers: Readonly<Record<string, unknown>> = {},
  options: ConfigSessionOptions = {},
): Promise<Example> {
  await using made = new AsyncDisposableStack();
  // Some servers compare whole paths, so no part of it may be a link.
  const folder = await realpath(await mkdtemp(join(tmpdir(), "codemode-eight-")));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const backend = made.use(await startBackend());
  const mcpServers = { ...serverConfig({ folder, backend: backend.url }), ...furtherServers };
  await writeFile(join(folder, "codemode.config.json"), JSON.stringify({ mcpServers }));
  const env = { ...process.env, GITLAB_TOKEN: "gitlab-example", NOTION_TOKEN: "notion-example" };
  const codemode = made.use(await createSessionFromConfig({ ...options, cwd: folder, env }));
  const kept = made.move();
  return { codemode, backend, folder, env, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
