import type { Diagnostic } from "@codemode/core";

/** Says that a schema was given up on. */
export function unreadable(what: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : "it throws";
  const message = `The schema of ${JSON.stringify(what)} cannot be read (${JSON.stringify(reason.slice(0, 200))}); its type is the widest there is.`;
  return { code: "SCHEMA_UNREADABLE", message };
}

/** Says that parts of a schema were left out. */
export function tooComplex(what: string): Diagnostic {
  const message = `The schema of ${JSON.stringify(what)} is too large or too deep; parts of its type are the widest there is.`;
  return { code: "SCHEMA_TOO_COMPLEX", message };
}
