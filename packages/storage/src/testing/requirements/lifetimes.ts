import type { Requirement } from "./requirement.ts";

/** What time and the end do. */
export const LIFETIMES = {
  "ttl.told": { behavior: "expiresAt is told where there is a time, and only there" },
  "ttl.before": { behavior: "a value is there until its time is up" },
  "ttl.gone": { behavior: "then get, stat, read and list no longer find it" },
  "ttl.delete": { behavior: "delete says that there was none" },
  "ttl.create": { behavior: "it can be created anew" },
  "ttl.replaced": { behavior: "a put without a time stays" },
  "ttl.write": { behavior: "streams have a time too" },
  "ttl.refused": { behavior: "a time that is none is INVALID_ARGUMENTS" },
  "end.refused": { behavior: "after the end every method is STORAGE_DISPOSED" },
  "end.open": { behavior: "after the end no namespace opens" },
  "end.twice": { behavior: "ending twice is fine" },
  "end.unused": { behavior: "a storage that was never used ends too" },
  "end.others": { behavior: "the end of one storage leaves others alone", needs: "shared" },
  "end.kept": { behavior: "what was put is there in the next storage", needs: "shared" },
} as const satisfies Readonly<Record<string, Requirement>>;
