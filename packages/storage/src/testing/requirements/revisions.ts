import type { Requirement } from "./requirement.ts";

/** How writers keep out of each other's way. */
export const REVISIONS = {
  "revision.same": { behavior: "put, get, stat, read and list tell the same revision" },
  "revision.differs": { behavior: "every write has another revision, of the same bytes too" },
  "revision.after-delete": { behavior: "a revision does not come back after a deletion" },
  "cas.create": { behavior: "ifRevision null puts where there is no value" },
  "cas.create-refused": { behavior: "ifRevision null is STORAGE_CONFLICT where there is one" },
  "cas.replace": { behavior: "the revision that was read can be replaced" },
  "cas.stale": { behavior: "an older revision is STORAGE_CONFLICT, and the value stays" },
  "cas.absent": { behavior: "a revision is STORAGE_CONFLICT where there is no value" },
  "cas.write": { behavior: "write checks revisions as put does" },
  "cas.delete": { behavior: "the revision that was read can be deleted" },
  "cas.delete-stale": { behavior: "delete of an older revision is STORAGE_CONFLICT" },
  "cas.delete-absent": {
    behavior: "delete of a revision is STORAGE_CONFLICT where there is no value",
  },
  "cas.race-create": { behavior: "of 20 who create one key, one succeeds" },
  "cas.race-replace": { behavior: "of 20 who replace one revision, one succeeds" },
  "cas.race-delete": { behavior: "of 10 who delete one revision, one succeeds" },
  "cas.append": { behavior: "8 writers that append and retry lose nothing, across storages" },
} as const satisfies Readonly<Record<string, Requirement>>;
