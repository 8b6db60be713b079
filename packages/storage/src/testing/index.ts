// What a package with a storage of its own tests it with.
export { STORAGE_REQUIREMENTS } from "./requirements.ts";
export type { StorageRequirementId } from "./requirements.ts";
export type { Requirement } from "./requirements/requirement.ts";
export { describeStorageConformance } from "./storage-conformance.ts";
export type {
  DamagedValue,
  StorageConformanceOptions,
  StoragePlace,
} from "./storage-conformance.ts";
export { runWriter } from "./run-writer.ts";
export type { WriterTask } from "./run-writer.ts";
export { expectAppended, expectKept, killAfter, startWriter } from "./writer-processes.ts";
export type { WriterProcess } from "./writer-processes.ts";
