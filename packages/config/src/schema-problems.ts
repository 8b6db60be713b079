import { didYouMean, nearestNames } from "@codemode/core";
import type { z } from "zod";

import type { ConfigDocument, ConfigProblem } from "./config-document.ts";
import { configSchema } from "./config-schema.ts";
import { FOREIGN_KEYS, mcpServerShape, NEEDS_START } from "./mcp-server-schema.ts";
import { keysAt } from "./tool-files/keys-at.ts";

/** What the schema found, in the words and at the lines of the file. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  document: ConfigDocument,
): readonly ConfigProblem[] {
  const misspelt = new Set(issues.filter(hidesStart).map(({ path }) => path.join(".")));
  return issues
    .filter(({ message, path }) => message !== NEEDS_START || !misspelt.has(path.join(".")))
    .flatMap((issue) => toProblems(issue, document));
}

/** Whether a key is a misspelt `command` or `url`: then that is all that is wrong. */
function hidesStart(issue: z.core.$ZodIssue): boolean {
  if (issue.code !== "unrecognized_keys" || issue.path[0] !== "mcpServers") return false;
  return issue.keys.some((key) => {
    const [nearest] = nearestNames(key, Object.keys(mcpServerShape));
    return nearest === "command" || nearest === "url";
  });
}

function toProblems(issue: z.core.$ZodIssue, document: ConfigDocument): readonly ConfigProblem[] {
  const { path } = issue;
  if (issue.code !== "unrecognized_keys") {
    return [{ line: document.lineOf(path), key: path.join("."), message: issue.message }];
  }
  return issue.keys.map((key) => ({
    line: document.lineOf([...path, key]),
    key: [...path, key].join("."),
    message: `is no key here.${suggestion(key, path)}`,
  }));
}

// More are found faster in the documentation.
const MAX_LISTED = 15;

function suggestion(key: string, path: readonly PropertyKey[]): string {
  const known = keysAt(configSchema, path);
  const isServer = path[0] === "mcpServers" && path.length === 2;
  // Ours first: what belongs to other clients is only ignored.
  const meant = didYouMean(key, known) || (isServer ? didYouMean(key, FOREIGN_KEYS) : "");
  if (meant !== "" || known.length === 0 || known.length > MAX_LISTED) return meant;
  return ` There are ${known.join(", ")}.`;
}
