import { encoderFunctions } from "./encode-value.ts";
import { encoderToolFunctions } from "./encoder-tools.ts";
import { abortFunctions } from "./guest-abort.ts";
import { artifactFunctions } from "./guest-artifacts.ts";
import { baseFunctions } from "./guest-base.ts";
import { callFunctions } from "./guest-calls.ts";
import { catalogFunctions } from "./guest-catalog.ts";
import { cloneFunctions } from "./guest-clone.ts";
import { consoleFunctions } from "./guest-console.ts";
import { cryptoFunctions } from "./guest-crypto.ts";
import { decoderFunctions } from "./guest-decoder.ts";
import { eventFunctions } from "./guest-events.ts";
import { exceptionFunctions } from "./guest-exception.ts";
import { executionFunctions } from "./guest-execution.ts";
import { featureFunctions } from "./guest-features.ts";
import { globalFunctions } from "./guest-globals.ts";
import { helperFunctions } from "./guest-helpers.ts";
import { importFunctions } from "./guest-imports.ts";
import { platformFunctions } from "./guest-platform.ts";
import type { AskRunner, GuestRealm, ImportModule } from "./guest-realm.ts";
import { queryFunctions } from "./guest-search-params.ts";
import { stackFunctions } from "./guest-stacks.ts";
import { textFunctions } from "./guest-text.ts";
import { timerFunctions } from "./guest-timers.ts";
import { urlFunctions } from "./guest-url.ts";
import { inspectorFunctions } from "./inspect-value.ts";
import { skillArgumentFunctions } from "./skill-arguments.ts";
import { skillCallFunctions } from "./skill-calls.ts";
import { skillForkFunctions } from "./skill-forks.ts";
import { skillModuleFunctions } from "./skill-modules.ts";
import { skillRunFunctions } from "./skill-runs.ts";
import { skillSpaceFunctions } from "./skill-spaces.ts";
import { skillValueFunctions } from "./skill-values.ts";
import { timerQueueFunctions } from "./timer-queue.ts";

declare function createRealm(
  write: (frame: string) => void,
  importModule: ImportModule | undefined,
  ask: AskRunner | undefined,
): GuestRealm;
declare function installEncoder(realm: GuestRealm): void;
declare function installLogs(realm: GuestRealm): void;
declare function installConsole(realm: GuestRealm): void;
declare function installToolErrors(realm: GuestRealm): void;
declare function installCalls(realm: GuestRealm): void;
declare function installTimers(realm: GuestRealm): void;
declare function installGlobals(realm: GuestRealm): void;
declare function installHelpers(realm: GuestRealm): void;
declare function installSkills(realm: GuestRealm): void;
declare function installCatalog(realm: GuestRealm): void;
declare function installStacks(realm: GuestRealm): void;
declare function installExecution(realm: GuestRealm): (frame: string) => void;

/** Puts the guest's parts together; gives the function that takes the host's frames. */
function startGuest(
  write: (frame: string) => void,
  importModule?: ImportModule,
  ask?: AskRunner,
): (frame: string) => void {
  const realm = createRealm(write, importModule, ask);
  installEncoder(realm);
  installToolErrors(realm);
  installCalls(realm);
  installLogs(realm);
  installConsole(realm);
  installTimers(realm);
  installGlobals(realm);
  installHelpers(realm);
  installSkills(realm);
  installCatalog(realm);
  installStacks(realm);
  return installExecution(realm);
}

const BUILT_INS = [
  "Array",
  "ArrayBuffer",
  "BigInt",
  "Boolean",
  "DataView",
  "Date",
  "Error",
  "EvalError",
  "Function",
  "JSON",
  "Map",
  "Math",
  "Number",
  "Object",
  "Promise",
  "Proxy",
  "RangeError",
  "ReferenceError",
  "Reflect",
  "RegExp",
  "Set",
  "String",
  "Symbol",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Uint8Array",
  "WeakMap",
  "WeakRef",
  "WeakSet",
  "encodeURIComponent",
];

/**
 * The guest runtime as one expression of JavaScript: a function that takes `write`, where there are
 * modules besides the catalog's `importModule`, and where the realm has no `URL` and `crypto` of its
 * own `ask`; it gives `receive`. Its functions are shipped as their own text and find each other by
 * name, so none of them refers to anything outside of this list.
 */
export function guestSource(): string {
  const functions = [
    ...baseFunctions,
    ...encoderToolFunctions,
    ...encoderFunctions,
    ...inspectorFunctions,
    ...callFunctions,
    ...consoleFunctions,
    ...timerQueueFunctions,
    ...timerFunctions,
    ...platformFunctions,
    ...exceptionFunctions,
    ...cloneFunctions,
    ...textFunctions,
    ...decoderFunctions,
    ...queryFunctions,
    ...urlFunctions,
    ...eventFunctions,
    ...abortFunctions,
    ...cryptoFunctions,
    ...globalFunctions,
    ...helperFunctions,
    ...artifactFunctions,
    ...featureFunctions,
    ...skillSpaceFunctions,
    ...skillModuleFunctions,
    ...skillArgumentFunctions,
    ...skillValueFunctions,
    ...skillCallFunctions,
    ...skillForkFunctions,
    ...skillRunFunctions,
    ...catalogFunctions,
    ...importFunctions,
    ...stackFunctions,
    ...executionFunctions,
    startGuest,
  ];
  // Taken by name now: a program may put other things in their places.
  const builtIns = `const { ${BUILT_INS.join(", ")} } = globalThis;`;
  return `(() => { "use strict";\n${builtIns}\n${functions.map(String).join("\n")}\nreturn startGuest; })()\n//# sourceURL=codemode-guest`;
}
