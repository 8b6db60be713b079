import { existsSync, readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { findSandboxVariant } from "./sandbox-variants.ts";

/** Whether a variant is written as the path of a module. */
export function isModulePath(variant: string): boolean {
  return /^\.\.?[/\\]/.test(variant) || isAbsolute(variant);
}

/** Whether a name may lead to a sandbox: registered, a path, or a package that is installed. */
export function isKnownVariant(name: string, folder: string): boolean {
  if (name === "" || findSandboxVariant(name) !== undefined || isModulePath(name)) return true;
  return findSandboxModule(name, folder) !== undefined;
}

/** The URL of the module that a path from `folder`, or a package installed there, leads to. */
export function findSandboxModule(variant: string, folder: string): string | undefined {
  if (isModulePath(variant)) {
    const path = resolve(folder, variant);
    return existsSync(path) ? pathToFileURL(path).href : undefined;
  }
  const from = join(folder, "codemode.config.json");
  try {
    const path = createRequire(from).resolve(variant);
    return isAbsolute(path) ? pathToFileURL(path).href : undefined;
  } catch {
    // It is not there, or is for `import` alone.
    return importEntry(variant, from);
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
