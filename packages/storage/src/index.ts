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
