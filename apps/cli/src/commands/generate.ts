import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { bindingModule, serverDeclarations } from "@codemode/codegen";
import { CodemodeError } from "@codemode/core";
import { makeFolder } from "@codemode/core/node";
import { HELPER_DECLARATIONS, SKILL_DECLARATIONS } from "@codemode/sandbox";

import { guestGlobals, importedModules } from "../editor-modules.ts";
import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";

// What we wrote we may replace and remove; anything else is the user's.
const MARK = "// Made by `codemode generate`; changes are lost.\n";

/** Writes the typed modules, and takes away those of servers that are gone. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSession(options);
  const root = options.out ?? opened.config.generated_path;
  const failed = new Set(
    opened.servers.filter(({ status }) => status === "failed").map(({ name }) => name),
  );
  const written: string[] = [];
  const write = async (path: string, text: string): Promise<void> => {
    await writeModule(path, text);
    written.push(path);
  };
  const bindings = opened.session.registry.bindings();
  const usable = bindings.filter(({ server }) => !failed.has(server));
  await Promise.all(
    usable.map(async (server) => {
      const { text, diagnostics } = bindingModule(server);
      for (const { message } of diagnostics) printNote(`note: ${message}`);
      await write(join(root, "servers", server.identifier, "index.d.ts"), text);
      await write(
        join(root, "mcp", server.identifier, "index.d.ts"),
        `export * from "../../servers/${server.identifier}/index.js";\n`,
      );
    }),
  );
  const globals = usable
    .map((server) => serverDeclarations(server, { docs: "first" }).text)
    .join("\n");
  await write(join(root, "globals.d.ts"), globals);
  await write(join(root, "guest.d.ts"), guestGlobals(usable));
  await write(join(root, "modules.d.ts"), importedModules(usable));
  await write(join(root, "helpers.d.ts"), HELPER_DECLARATIONS);
  if (opened.session.skills) await write(join(root, "skills.d.ts"), SKILL_DECLARATIONS);
  const kept = new Set(bindings.map(({ identifier }) => identifier));
  const removed = [
    ...(await removeStale(join(root, "servers"), kept)),
    ...(await removeStale(join(root, "mcp"), kept)),
  ];
  if (options.json) printJson({ written: written.toSorted(), removed });
  else {
    for (const path of written.toSorted()) print(`wrote ${path}`);
    for (const path of removed) print(`removed ${path}`);
  }
  return failed.size > 0 ? EXIT.unavailable : EXIT.ok;
}

async function writeModule(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, MARK + text);
  } catch (error) {
    const code: unknown = Object(error).code;
    const message = `${JSON.stringify(path)} cannot be written (${String(code)}). Name another folder with --out or generated_path, or let this one be written.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
}

/** Removes what an earlier run wrote and this one did not; what bears no mark of ours stays. */
async function removeStale(folder: string, kept: ReadonlySet<string>): Promise<readonly string[]> {
  const entries = await readdir(folder).catch(() => []);
  const stale = entries.filter((entry) => !kept.has(entry));
  const removed = await Promise.all(
    stale.map(async (entry) => {
      const path = join(folder, entry);
      const text = await readFile(join(path, "index.d.ts"), "utf8").catch(() => "");
      if (!text.startsWith(MARK)) return [];
      await rm(path, { recursive: true });
      return [path];
    }),
  );
  return removed.flat();
}
