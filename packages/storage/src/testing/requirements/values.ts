import type { Requirement } from "./requirement.ts";

/** What becomes of values. */
export const VALUES = {
  "value.get": { behavior: "a value is got as it was put" },
  "value.absent": { behavior: "where there is no value, get, stat and read give undefined" },
  "value.empty": { behavior: "a value may have no bytes" },
  "value.bytes": { behavior: "a value may have any bytes" },
  "value.view": { behavior: "a view of a larger buffer is stored as what it shows" },
  "value.copy-in": { behavior: "bytes changed after a put do not change the value" },
  "value.copy-out": { behavior: "bytes changed after a get do not change the value" },
  "value.replace": { behavior: "a put replaces the whole value, a longer one too" },
  "value.stat": { behavior: "stat gives what get gives, without the bytes" },
  "value.time": { behavior: "updatedAt is the time of the write" },
  "value.limit": { behavior: "a value of maxValueBytes is stored" },
  "value.over-limit": { behavior: "a larger one is STORAGE_LIMIT, and what was there stays" },
  "value.parallel": { behavior: "100 puts at the same time are all there" },
  "value.torn": { behavior: "who reads while another writes gets one whole value" },
  "value.shared": { behavior: "another storage of the same place sees what was put" },
  "delete.gone": { behavior: "a deleted value is gone, and delete says there was one" },
  "delete.absent": { behavior: "delete says where there was none" },
  "delete.shared": {
    behavior: "another storage of the same place no longer sees what was deleted",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
