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
  return runnerSource(new URL("./runner.ts", import.meta.url));
}

/** What answers the guest's questions, by its place: the child resolves no packages. */
export function answersUrl(): string {
  const url = import.meta.resolve("@codemode/sandbox/answer-guest");
  if (!url.endsWith(".ts")) return url;
  return `data:text/javascript,${encodeURIComponent(runnerSource(new URL(url)))}`;
}
