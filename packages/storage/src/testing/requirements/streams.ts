import type { Requirement } from "./requirement.ts";

/** How values come and go in pieces. */
export const STREAMS = {
  "stream.round": { behavior: "what is written in pieces is read as it was" },
  "stream.empty": { behavior: "a stream may have no bytes, and pieces may be empty" },
  "stream.get": { behavior: "what is written in pieces is got whole, and the other way round" },
  "stream.reused": { behavior: "a source may use its buffer again for the next piece" },
  "stream.range": { behavior: "a range gives its bytes" },
  "stream.range-beyond": { behavior: "beyond the value there are no bytes" },
  "stream.range-refused": { behavior: "an offset that is none is INVALID_ARGUMENTS" },
  "stream.replaced": { behavior: "a value replaced while it is read does not mix in" },
  "stream.deleted": { behavior: "a value deleted while it is read is read to its end" },
  "stream.early": { behavior: "who stops reading early holds up nobody" },
  "stream.whole": { behavior: "nobody sees a value before its last piece" },
  "stream.failed": { behavior: "a source that fails leaves what was there, and its error is told" },
  "stream.over-limit": {
    behavior: "more than maxStreamBytes is STORAGE_LIMIT, and leaves what was there",
  },
  "stream.large": { behavior: "100 MB pass without being held", needs: "shared" },
} as const satisfies Readonly<Record<string, Requirement>>;
