import { stat } from "node:fs/promises";
import { resolve } from "node:path";

import { isCodemodeError } from "@codemode/core";
import type { Diagnostic, ToolAdapter, ToolRegistry } from "@codemode/core";

import type { Config } from "../config-schema.ts";
import { configSchema } from "../config-schema.ts";
import type { LoadedConfig } from "../load-config.ts";
import { toCliOptions } from "./cli-file.ts";
import { optionProblem, problemsError } from "./tool-file-adapter.ts";
import { addToolFiles } from "./tool-files.ts";

/** What the tools of a config are made from. */
export interface ToolsContext {
  readonly loaded: LoadedConfig;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables for all that is started. */
  readonly identity: Readonly<Record<string, string>>;
}

/** Adds the commands of the config, and the servers of its tool files. Disposing it ends the watch of the files. */
export async function addConfiguredTools(
  registry: ToolRegistry,
  context: ToolsContext,
): Promise<AsyncDisposable> {
  const { loaded, config, env, identity } = context;
  const { folder } = loaded;
  for (const adapter of await createCommandAdapters(context)) registry.addAdapter(adapter);
  return addToolFiles({
    registry,
    folders: foldersOf(config).map((path) => resolve(folder, path)),
    baseFolder: folder,
    env,
    identity,
    onlyNamed: isDefault(config),
  });
}

/** The package is loaded only where there are commands. */
async function createCommandAdapters({
  loaded: { folder, secrets, file = "the config" },
  config: { cli },
  identity,
}: ToolsContext): Promise<readonly ToolAdapter[]> {
  const commands = Object.entries(cli);
  if (commands.length === 0) return [];
  const { createCliAdapter } = await import("@codemode/adapter-cli");
  return commands.map(([name, command]) => {
    try {
      const hidden = secrets.get(name) ?? [];
      const own = toCliOptions(name, command);
      const env = { ...identity, ...own.env };
      return createCliAdapter({ ...own, env, folder, secrets: hidden });
    } catch (error) {
      const said = isCodemodeError(error) ? optionProblem.safeParse(error.details).data : undefined;
      if (!said) throw error;
      const key = `cli.${name}.${said.key}`;
      throw problemsError(file, [{ line: undefined, key, message: said.problem }]);
    }
  });
}

/** Folders that were named and are not there: they are waited for. */
export async function toolsDiagnostics(
  { folder, file = "the config" }: LoadedConfig,
  config: Config,
): Promise<readonly Diagnostic[]> {
  if (isDefault(config)) return [];
  const states = await Promise.all(foldersOf(config).map((path) => isThere(resolve(folder, path))));
  return foldersOf(config)
    .filter((_, index) => states[index] === false)
    .map((path) => ({
      code: "TOOLS_FOLDER_MISSING",
      message: `${file}: the folder ${JSON.stringify(path)} of "tools" is not there. Create it, or correct the path.`,
    }));
}

function foldersOf({ tools }: Config): readonly string[] {
  return typeof tools === "string" ? [tools] : tools;
}

function isDefault({ tools }: Config): boolean {
  return tools === configSchema.shape.tools.parse(undefined);
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What cannot be seen cannot be read either.
    return false;
  }
}
