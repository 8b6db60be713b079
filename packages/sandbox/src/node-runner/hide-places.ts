import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { loadModule, refuse } from "./close-gaps.ts";

/** Takes away the places of the host that Node tells of: its own, its flags, its user's, and where it looks for packages. */
export function hidePlaces(workspace: string): void {
  hideModules();
  process.execPath = "node";
  process.execArgv = [];
  Object.defineProperty(process, "title", { value: "node", configurable: true, writable: true });
  process.argv.splice(0, process.argv.length, "node");
  // A report and a picture of the heap name all of it.
  const instead = refuse("It would name places of the machine, and is not there.");
  const report = { getReport: instead, writeReport: instead, reportOnUncaughtException: false };
  Object.defineProperty(process, "report", { value: report, configurable: true });
  const v8 = loadModule("node:v8");
  for (const name of ["getHeapSnapshot", "writeHeapSnapshot", "setHeapSnapshotNearHeapLimit"])
    Reflect.set(v8, name, instead);
  hideUser(workspace);
  hideCallSites();
  // `import` sees the same as `require`.
  syncBuiltinESMExports();
}

function hideModules(): void {
  const module = loadModule("node:module");
  // Packages are looked for beside Node itself too.
  process.execPath = "/node";
  const findPaths: unknown = Reflect.get(module, "_initPaths");
  if (typeof findPaths === "function") Reflect.apply(findPaths, module, []);
  for (const name of ["_cache", "_pathCache"]) {
    const known: unknown = Reflect.get(module, name);
    if (typeof known !== "object" || known === null) continue;
    for (const key of Object.keys(known)) Reflect.deleteProperty(known, key);
  }
}

/** Who runs codemode, and on which machine, is no program's business. */
function hideUser(workspace: string): void {
  const os = loadModule("node:os");
  Reflect.set(os, "hostname", () => "localhost");
  Reflect.set(os, "homedir", () => workspace);
  Reflect.set(os, "userInfo", () => ({
    uid: -1,
    gid: -1,
    username: "user",
    homedir: workspace,
    shell: null,
  }));
}

function hideCallSites(): void {
  const util = loadModule("node:util");
  const getCallSites: unknown = Reflect.get(util, "getCallSites");
  if (typeof getCallSites !== "function") return;
  Reflect.set(util, "getCallSites", (...given: readonly unknown[]): unknown => {
    const sites: unknown = Reflect.apply(getCallSites, util, given);
    // The first is this function.
    return Array.isArray(sites) ? sites.slice(1).filter((site) => !isOurs(site)) : sites;
  });
}

const RUNNER = pathToFileURL(join(import.meta.dirname, "/")).href;

function isOurs(site: unknown): boolean {
  if (typeof site !== "object" || site === null || !("scriptName" in site)) return true;
  const name = String(site.scriptName);
  return name.startsWith(RUNNER) || /^(node:|codemode-guest$|evalmachine\.)/.test(name);
}

/** Texts and errors about modules, with places of the workspace as programs write them. */
export function createPathHider(workspace: string): {
  readonly text: (text: string) => string;
  readonly error: (error: unknown) => unknown;
} {
  const folder = join(workspace, "/");
  const url = pathToFileURL(folder).href;
  const hide = (text: string): string =>
    text
      .replaceAll(url, "./")
      .replaceAll(folder, "./")
      .replaceAll(/ imported from \.\/program\.js|\nRequire stack:\n- \.\/program\.js/g, "");
  const hideError = (error: unknown): unknown => {
    if (!(error instanceof Error)) return error;
    for (const key of ["message", "stack"] as const) {
      const text = error[key];
      if (typeof text === "string" && text.includes(folder))
        Object.defineProperty(error, key, {
          value: hide(text),
          configurable: true,
          writable: true,
        });
    }
    const stack: unknown = Reflect.get(error, "requireStack");
    if (Array.isArray(stack)) Reflect.set(error, "requireStack", stack.map(String).map(hide));
    return error;
  };
  return { text: hide, error: hideError };
}
