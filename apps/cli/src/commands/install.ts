import { existsSync } from "node:fs";
import { delimiter, extname, resolve } from "node:path";

import { CONFIG_FILES, installInto } from "@codemode/config";

import { toClient } from "../client-argument.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";

/** Writes codemode into a client's own file. */
export async function run([client]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const { dryRun = false, json, project } = options;
  const started = project ? forProject(options) : forUser(options);
  const outcome = await installInto({
    client: toClient(client),
    ...started,
    scope: project ? "project" : "user",
    dryRun,
  });
  if (json) printJson({ dryRun, ...outcome });
  else if (outcome.change === "none") print(`${outcome.file} has codemode already`);
  else {
    print(`${dryRun ? "would write" : "wrote"} ${outcome.file}`);
    print(JSON.stringify({ codemode: outcome.entry }, null, 2));
    if (outcome.backup !== undefined && !dryRun) print(`as it was: ${outcome.backup}`);
    if (!dryRun) print(`Start ${String(client)} anew to use it.`);
  }
  if (project && !isOnPath(started.command))
    printNote(
      `note: ${started.command} is not on the PATH here; who uses the file needs it there, or the whole path in its place`,
    );
  if (configFile(options) === undefined)
    printNote('note: there is no config here, so it starts without servers; see "codemode init"');
  return EXIT.ok;
}

function isOnPath(command: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = process.platform === "win32" ? [`${command}.cmd`, `${command}.exe`] : [command];
  return folders.some((folder) => names.some((name) => existsSync(resolve(folder, name))));
}

interface Started {
  readonly command: string;
  readonly args: readonly string[];
}

/** Programs with windows know neither our folder nor the shell's PATH: every path is whole. */
function forUser(options: GlobalOptions): Started {
  const main = resolve(import.meta.dirname, `../main${extname(import.meta.filename)}`);
  const config = configFile(options);
  const args = config === undefined ? [] : ["--config", resolve(config)];
  return { command: process.execPath, args: [main, "serve", ...args] };
}

/** The file goes to others as well: nothing in it is of this machine. */
function forProject({ config }: GlobalOptions): Started {
  return {
    command: "codemode",
    args: ["serve", ...(config === undefined ? [] : ["--config", config])],
  };
}

function configFile({ config }: GlobalOptions): string | undefined {
  return config ?? process.env["CODEMODE_CONFIG"] ?? CONFIG_FILES.find((file) => existsSync(file));
}
