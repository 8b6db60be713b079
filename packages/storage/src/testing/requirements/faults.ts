import type { Requirement } from "./requirement.ts";

/** What is not as it should be, and harms nothing else. */
export const FAULTS = {
  "fault.corrupt": {
    behavior: "a damaged value is STORAGE_CORRUPT, whichever way it is read",
    needs: "damage",
  },
  "fault.corrupt-others": { behavior: "a damaged value hides no other one", needs: "damage" },
  "fault.corrupt-mended": {
    behavior: "a damaged value can be replaced, and deleted",
    needs: "damage",
  },
  "fault.corrupt-revision": {
    behavior: "a damaged value is there, but of no revision that anybody knows",
    needs: "damage",
  },
  "fault.clock-back": { behavior: "a clock that goes back a day loses nothing" },
  "fault.clock-order": { behavior: "the later write counts, whatever the clock says" },
  "fault.expired-reading": {
    behavior: "a value whose time is up while it is read is read to its end",
  },
  "fault.source-dies": { behavior: "what a source gave before it failed is nowhere to be seen" },
  "fault.prefix-alike": {
    behavior: "places whose names begin alike are two places",
    needs: "shared",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
