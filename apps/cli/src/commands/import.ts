import type { ImportOutcome } from "@codemode/config";
import { importIntoConfig } from "@codemode/config";

import { toClient } from "../client-argument.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";

/** Writes a client's servers into the config. */
export async function run([client]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const { config: configPath, dryRun = false, json } = options;
  const outcome = await importIntoConfig({ client: toClient(client), configPath, dryRun });
  if (json) printJson({ dryRun, ...outcome });
  else tell(String(client), outcome, dryRun);
  return EXIT.ok;
}

function tell(client: string, outcome: ImportOutcome, dryRun: boolean): void {
  const { config, files, written, kept, secrets, diagnostics } = outcome;
  for (const { message } of diagnostics) printNote(`note: ${message}`);
  if (files.length === 0) {
    print(`${client} has no files here, so there is nothing to import.`);
    return;
  }
  print(`read ${files.join(", ")}`);
  for (const name of written) print(`${dryRun ? "would add" : "added"} ${name}`);
  for (const name of kept) print(`kept ${name}: ${config} has a server of this name`);
  for (const { server, key, variable } of secrets)
    print(`secret ${server} ${key}: \${${variable}} stands in its place; set ${variable}`);
  const done = dryRun ? "nothing was written" : `wrote ${config}`;
  print(written.length === 0 ? "there was nothing to add" : done);
}
