import { existsSync, readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Whether a module is named by its path, and not by its package. */
export function isModulePath(name: string): boolean {
  return /^\.\.?[/\\]/.test(name) || isAbsolute(name);
}

/** The URL of the module that a path from `folder`, or a package installed there, leads to. */
export function findModule(name: string, folder: string): string | undefined {
  if (isModulePath(name)) {
    const path = resolve(folder, name);
    return existsSync(path) ? pathToFileURL(path).href : undefined;
  }
  const from = join(folder, "codemode.config.json");
  try {
    const path = createRequire(from).resolve(name);
    return isAbsolute(path) ? pathToFileURL(path).href : undefined;
  } catch {
    // It is not there, or is for `import` alone.
    return importEntry(name, from);
  }
}

/** What `exports` names for `import`, in a package that has nothing for `require`. */
function importEntry(name: string, from: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, pathToFileURL(from));
    if (manifest === undefined) return undefined;
    const { exports }: { readonly exports?: unknown } = JSON.parse(readFileSync(manifest, "utf8"));
    const entry = toEntry(exports);
    return entry === undefined ? undefined : new URL(entry, pathToFileURL(manifest)).href;
  } catch {
    // No package of this name.
    return undefined;
  }
}

function toEntry(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  for (const [key, value] of Object.entries(exports)) {
    const entry = [".", "node", "import", "default"].includes(key) ? toEntry(value) : undefined;
    if (entry !== undefined) return entry;
  }
  return undefined;
}
