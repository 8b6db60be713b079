export type {
  ByteRange,
  DeleteOptions,
  ListOptions,
  ListPage,
  PutOptions,
  Storage,
  Store,
  StoreChange,
  StoredEntry,
  StoredStream,
  StoredValue,
  WatchOptions,
} from "./storage.ts";
export { createMemoryStorage } from "./memory-storage.ts";
export { getJson, putJson } from "./json-value.ts";
export type { JsonToPut, StoredJson } from "./json-value.ts";
export type { StoreLimits } from "./store-limits.ts";
