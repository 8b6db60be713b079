import type { Requirement } from "./requirement.ts";

/** Who is told of changes. */
export const WATCHES = {
  "watch.put": { behavior: "a put is told, of a new key and of a known one" },
  "watch.write": { behavior: "a write is told" },
  "watch.delete": { behavior: "a deletion is told" },
  "watch.prefix": { behavior: "only keys with the prefix are told" },
  "watch.key": { behavior: "hostile keys are told as they are" },
  "watch.namespace": { behavior: "changes in another namespace are not told" },
  "watch.shared": { behavior: "changes by another storage of the same place are told" },
  "watch.many": { behavior: "all who watch are told" },
  "watch.ended": { behavior: "who has stopped watching is told nothing more" },
  "watch.end": { behavior: "after the end nothing is told" },
} as const satisfies Readonly<Record<string, Requirement>>;
