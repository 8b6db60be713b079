// What adapters need of Node itself. The contracts in the package's main list know no I/O.
export { makeFolder } from "./make-folder.ts";
export type { MakeFolderOptions } from "./make-folder.ts";
export { endGroup, endGroupAtExit, killGroup } from "./process-group.ts";
export type { EndGroupOptions } from "./process-group.ts";
