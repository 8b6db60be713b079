import type { Requirement } from "./requirement.ts";

/** How keys are listed. */
export const LISTS = {
  "list.empty": { behavior: "an empty store is an empty page" },
  "list.entries": { behavior: "entries are those of stat" },
  "list.order": { behavior: "keys come in the order of their UTF-8 bytes" },
  "list.prefix": { behavior: "a prefix gives the keys that begin with it" },
  "list.prefix-literal": { behavior: "a prefix has no wildcards" },
  "list.prefix-none": { behavior: "a prefix of no key gives nothing" },
  "list.pages": { behavior: "pages give every key once, and the last one has no next" },
  "list.pages-prefix": { behavior: "pages keep to their prefix" },
  "list.pages-exact": { behavior: "a last page that is full has no next" },
  "list.default": { behavior: "a page has 1,000 keys where nothing is said" },
  "list.limit-refused": { behavior: "a limit below 1 or above 10,000 is INVALID_ARGUMENTS" },
  "list.under-writes": { behavior: "keys that stay are listed once while others come and go" },
  "list.cursor-deleted": { behavior: "a page goes on after a key that was deleted meanwhile" },
} as const satisfies Readonly<Record<string, Requirement>>;
