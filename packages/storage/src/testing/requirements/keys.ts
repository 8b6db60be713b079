import type { Requirement } from "./requirement.ts";

/** Which keys there are. */
export const KEYS = {
  "key.namespace": { behavior: "a namespace is lower-case letters, digits and hyphens" },
  "key.namespace-refused": { behavior: "any other namespace is STORAGE_KEY_INVALID at once" },
  "key.namespaces-apart": { behavior: "one key in two namespaces is two values" },
  "key.namespace-again": { behavior: "a namespace opened again is the same store" },
  "key.hostile": {
    behavior: "a key that looks like a path, a device or a prototype is only a key",
  },
  "key.hostile-together": { behavior: "all hostile keys are listed, each with its own value" },
  "key.case": { behavior: "keys that differ in case are two keys" },
  "key.normalization": { behavior: "keys that differ in Unicode normalization are two keys" },
  "key.trailing": { behavior: "trailing dots and spaces make another key" },
  "key.long": { behavior: "a key may have 512 bytes, of any alphabet" },
  "key.long-alike": { behavior: "long keys that differ in their last byte are two keys" },
  "key.too-long": { behavior: "a key of 513 bytes is STORAGE_KEY_INVALID" },
  "key.empty": { behavior: "the empty key is STORAGE_KEY_INVALID" },
  "key.control": { behavior: "a key with a control character is STORAGE_KEY_INVALID" },
  "key.surrogate": { behavior: "a key with half a surrogate pair is STORAGE_KEY_INVALID" },
  "key.refused-everywhere": { behavior: "every method refuses a key that no value can have" },
  "key.any": { behavior: "whatever text is a key comes back as it was" },
} as const satisfies Readonly<Record<string, Requirement>>;
