// What a storage of your own is made with.
export { createChangeListeners } from "./change-listeners.ts";
export type { ChangeListeners } from "./change-listeners.ts";
export { compareKeys } from "./key.ts";
export { createStorageOfStores } from "./storage-of-stores.ts";
export type { DriverStore, StorageDriver } from "./storage-of-stores.ts";
export { conflictError, corruptError, disposedError } from "./store-errors.ts";
