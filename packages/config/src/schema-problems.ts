import { didYouMean, nearestNames } from "@codemode/core";
import type { z } from "zod";

import { artifactsSchema } from "./artifacts-schema.ts";
import type { ConfigDocument, ConfigProblem } from "./config-document.ts";
import { configSchema, limitsSchema, poolSchema } from "./config-schema.ts";
import { FOREIGN_KEYS, mcpServerShape, NEEDS_START } from "./mcp-server-schema.ts";
import { openapiServerShape } from "./openapi-schema.ts";
import { storageKeys } from "./storage-schema.ts";
import { cliSchema } from "./tool-files/cli-file.ts";
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

function suggestion(key: string, path: readonly PropertyKey[]): string {
  if (path.length === 0) return didYouMean(key, Object.keys(configSchema.shape));
  if (path[0] === "pool") return didYouMean(key, Object.keys(poolSchema.shape));
  if (path[0] === "artifacts") return didYouMean(key, Object.keys(artifactsSchema.shape));
  if (path[0] === "limits") return didYouMean(key, Object.keys(limitsSchema.shape));
  if (path[0] === "storage") return didYouMean(key, path.length === 1 ? storageKeys : []);
  if (path[0] === "openapi") return didYouMean(key, Object.keys(openapiServerShape));
  if (path[0] === "cli") return didYouMean(key, keysAt(cliSchema, path.slice(2)));
  // Ours first: what belongs to other clients is only ignored.
  return didYouMean(key, Object.keys(mcpServerShape)) || didYouMean(key, FOREIGN_KEYS);
}
