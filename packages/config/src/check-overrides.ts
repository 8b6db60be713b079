import { CodemodeError, schemaProblem } from "@codemode/core";

import { problemText } from "./config-document.ts";
import type { Config } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";
import { schemaProblems } from "./schema-problems.ts";

const NO_FILE = { value: undefined, problems: [], lineOf: () => undefined };

/** Refuses keys and values that the file could not have either: a misspelt cap would be no cap. */
export function checkOverrides(overrides: Partial<Config> | undefined): void {
  if (overrides === undefined) return;
  const { error } = configSchema.safeParse(overrides, { error: schemaProblem });
  if (!error) return;
  const problems = schemaProblems(error.issues, NO_FILE);
  const text = problems.map((problem) => problemText("overrides", problem)).join("\n");
  const details = problems.map(({ key, message }) => ({ key, message }));
  throw new CodemodeError("CONFIG_INVALID", text, { details });
}
