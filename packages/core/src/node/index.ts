// What adapters and storages need of Node itself. The contracts in the package's main list know no I/O.
export { makeFolder } from "./make-folder.ts";
export type { MakeFolderOptions } from "./make-folder.ts";
export { endGroup, endGroupAtExit, killGroup } from "./process-group.ts";
export type { EndGroupOptions } from "./process-group.ts";
export { withProcessLock } from "./process-lock.ts";
export type { ProcessLockOptions } from "./process-lock.ts";
export { createProcessToken, isAbandoned } from "./process-token.ts";
export { sweepFolder } from "./sweep-folder.ts";
export { systemCodeOf, unless } from "./system-code.ts";
