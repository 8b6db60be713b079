import { encoderFunctions } from "./encode-value.ts";
import { baseFunctions } from "./guest-base.ts";
import { callFunctions } from "./guest-calls.ts";
import { catalogFunctions } from "./guest-catalog.ts";
import { consoleFunctions } from "./guest-console.ts";
import { executionFunctions } from "./guest-execution.ts";
import { globalFunctions } from "./guest-globals.ts";
import type { GuestRealm, ImportModule } from "./guest-realm.ts";
import { timerFunctions } from "./guest-timers.ts";
import { inspectorFunctions } from "./inspect-value.ts";

declare function createRealm(
  write: (frame: string) => void,
  importModule: ImportModule | undefined,
): GuestRealm;
declare function installEncoder(realm: GuestRealm): void;
declare function installLogs(realm: GuestRealm): void;
declare function installConsole(realm: GuestRealm): void;
declare function installToolErrors(realm: GuestRealm): void;
declare function installCalls(realm: GuestRealm): void;
declare function installTimers(realm: GuestRealm): void;
declare function installGlobals(realm: GuestRealm): void;
declare function installCatalog(realm: GuestRealm): void;
declare function installExecution(realm: GuestRealm): (frame: string) => void;

/** Puts the guest's parts together; gives the function that takes the host's frames. */
function startGuest(
  write: (frame: string) => void,
  importModule?: ImportModule,
): (frame: string) => void {
  const realm = createRealm(write, importModule);
  installEncoder(realm);
  installToolErrors(realm);
  installCalls(realm);
  installLogs(realm);
  installConsole(realm);
  installTimers(realm);
  installGlobals(realm);
  installCatalog(realm);
  return installExecution(realm);
}

const BUILT_INS = [
  "Array",
  "ArrayBuffer",
  "Date",
  "Error",
  "Function",
  "JSON",
  "Map",
  "Math",
  "Number",
  "Object",
  "Promise",
  "Proxy",
  "RangeError",
  "RegExp",
  "Set",
  "String",
  "TypeError",
  "Uint8Array",
  "WeakMap",
];

/**
 * The guest runtime as one expression of JavaScript: a function that takes `write`, and where there
 * are modules besides the catalog's `importModule`, and gives `receive`. Its functions are shipped as their own text and find each other by name, so none of
 * them refers to anything outside of this list.
 */
export function guestSource(): string {
  const functions = [
    ...baseFunctions,
    ...encoderFunctions,
    ...inspectorFunctions,
    ...callFunctions,
    ...consoleFunctions,
    ...timerFunctions,
    ...globalFunctions,
    ...catalogFunctions,
    ...executionFunctions,
    startGuest,
  ];
  // Taken by name now: a program may put other things in their places.
  const builtIns = `const { ${BUILT_INS.join(", ")} } = globalThis;`;
  return `(() => { "use strict";\n${builtIns}\n${functions.map(String).join("\n")}\nreturn startGuest; })()`;
}
