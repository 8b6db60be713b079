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
export { createFileStorage } from "./file-storage.ts";
export type { FileStorageOptions } from "./file-storage.ts";
export { createLazyStorage } from "./lazy-storage.ts";
export { createMemoryStorage } from "./memory-storage.ts";
export { getJson, putJson } from "./json-value.ts";
export type { JsonToPut, StoredJson } from "./json-value.ts";
export { createDailySweep, isSwept, sweepUnnamed } from "./unnamed-values.ts";
export type { NamedValues } from "./unnamed-values.ts";
export type { StoreLimits } from "./store-limits.ts";
export { createArtifactStore } from "./artifacts/artifact-store.ts";
export type { ArtifactStoreOptions } from "./artifacts/artifact-store.ts";
export type {
  ArtifactData,
  ArtifactEntry,
  ArtifactKind,
  ArtifactMatch,
  ArtifactPage,
  ArtifactPart,
  ArtifactStore,
  ArtifactStream,
  ListArtifactsOptions,
  ReadArtifactOptions,
  SaveArtifactOptions,
  SearchArtifactsOptions,
} from "./artifacts/artifact.ts";
