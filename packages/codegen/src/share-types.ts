import type { PrintedType } from "./emit-type.ts";
import { MIN_SHARED_LENGTH } from "./emit-type.ts";
import { freshName } from "./type-name.ts";

/** How one of two passes prints. */
export interface SharingPass {
  /** Names that an alias must not take. Grows with the aliases. */
  readonly taken: Set<string>;
  /** The name of a type that several places have in common. */
  nameOf(key: string): string | undefined;
  onPrint(printed: PrintedType): void;
}

/** Prints twice: the first time finds the types that several places have in common. */
export function shareTypes<Printed>(
  reserved: Iterable<string>,
  print: (pass: SharingPass) => Printed,
): Printed {
  const placesByText = new Map<string, { readonly hint: string; readonly keys: Set<string> }>();
  const counts = new Map<string, number>();
  print({
    taken: new Set(reserved),
    nameOf: () => undefined,
    onPrint({ key, text, hint }) {
      if (text.length < MIN_SHARED_LENGTH) return;
      const places = placesByText.get(text) ?? { hint, keys: new Set() };
      places.keys.add(key);
      placesByText.set(text, places);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    },
  });
  const taken = new Set(reserved);
  const names = new Map<string, string>();
  for (const [text, { hint, keys }] of placesByText) {
    if ((counts.get(text) ?? 0) < 2) continue;
    const name = freshName(hint, taken);
    for (const key of keys) names.set(key, name);
  }
  return print({ taken, nameOf: (key) => names.get(key), onPrint: () => undefined });
}
