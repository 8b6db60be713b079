import { fileURLToPath } from "node:url";

import { runnerSource } from "@codemode/sandbox";

let made: readonly string[] | undefined;

/** What Node is to run in the child: a file of the package; in a checkout its source without types. */
export function runnerArguments(): readonly string[] {
  made ??= import.meta.url.endsWith(".ts")
    ? ["--input-type=module", "--eval", withoutTypes(), "--"]
    : [fileURLToPath(new URL("./runner.js", import.meta.url))];
  return made;
}

function withoutTypes(): string {
  const part = runnerSource(new URL("./answer-guest.ts", import.meta.url));
  const link = JSON.stringify(`data:text/javascript,${encodeURIComponent(part)}`);
  const runner = runnerSource(new URL("./runner.ts", import.meta.url));
  return runner.replace('"./answer-guest.ts"', () => link);
}
