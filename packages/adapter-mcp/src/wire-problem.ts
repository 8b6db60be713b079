import type { z } from "zod";

/** What is wrong with what a server sent, on one line: `its name must be a string, not a number`. */
export function wireProblem({ issues }: z.ZodError): string {
  const parts = issues.map(({ path, message }) =>
    path.length === 0 ? `it ${message}` : `its ${path.map(String).join(".")} ${message}`,
  );
  return parts.join("; ");
}
