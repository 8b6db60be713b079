/** One program that means harm, or looks as if. */
export interface Attack {
  readonly title: string;
  readonly code: string;
  /** Whether it must fail, or may also end well: what matters then is what it costs. Default `error`. */
  readonly ends?: "error" | "any";
}

/** Attacks of one kind, as `title: code`. */
export function attacks(
  programs: Readonly<Record<string, string>>,
  ends: Attack["ends"] = "error",
): readonly Attack[] {
  return Object.entries(programs).map(([title, code]) => ({ title, code, ends }));
}
