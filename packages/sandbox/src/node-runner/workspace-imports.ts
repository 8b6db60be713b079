import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as vm from "node:vm";

import { createPathHider } from "./hide-places.ts";

/** Imports Node's modules, and packages and files of the workspace, as a script there would. */
export function createImporter(
  workspace: string,
): (specifier: string, asked: unknown) => Promise<unknown> {
  const load: (specifier: string, options: unknown) => Promise<object> = vm.runInThisContext(
    "(specifier, options) => import(specifier, options)",
    {
      // What relative specifiers and packages are looked up from.
      filename: pathToFileURL(join(workspace, "program.js")).href,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  );
  const hider = createPathHider(workspace);
  return async (specifier, asked) => {
    const names: unknown[] | undefined = Array.isArray(asked) ? asked : undefined;
    const implied = specifier.endsWith(".json") ? { with: { type: "json" } } : undefined;
    let module: object;
    try {
      module = await load(specifier, names || asked === undefined ? implied : asked);
    } catch (error) {
      throw explain(error, specifier, hider);
    }
    for (const name of names ?? []) {
      if (name === "*" || (typeof name === "string" && name in module)) continue;
      throw new SyntaxError(
        `Module ${JSON.stringify(specifier)} has no export ${JSON.stringify(name)}.`,
      );
    }
    return module;
  };
}

/** Node's own words would name the runner's flags, and the workspace's place. */
function explain(
  error: unknown,
  specifier: string,
  hider: ReturnType<typeof createPathHider>,
): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const quoted = JSON.stringify(specifier.slice(0, 200));
  if (code === "ERR_ACCESS_DENIED") {
    return new Error(`Module ${quoted} is outside the workspace and cannot be read.`);
  }
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ERR_UNKNOWN_BUILTIN_MODULE")
    return hider.error(error);
  const found = /^Cannot find (?:package|module) '(.*?)' imported from (.*)$/s.exec(
    error instanceof Error ? error.message : "",
  );
  const importer = hider.text(found?.[2] ?? "./program.js");
  if (importer !== "./program.js") {
    const missing = JSON.stringify(hider.text(found?.[1] ?? "").slice(0, 200));
    return new Error(`There is no module ${missing}, which ${importer} imports.`);
  }
  const message = `There is no module ${quoted}. Import from "generated/servers/...", Node's modules, or packages and files of the workspace.`;
  return Object.assign(new Error(message), { code: "IMPORT_NOT_FOUND" });
}
