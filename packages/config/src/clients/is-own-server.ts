import { basename, posix, win32 } from "node:path";

import type { OwnEntry } from "./own-entry.ts";

// What starts a script or a package that an argument names.
const RUNNERS: ReadonlySet<string> = new Set(
  "node bun deno npx pnpx bunx pnpm npm yarn cmd sh bash".split(" "),
);
// Of those, the ones that take a whole line as one argument.
const SHELLS: ReadonlySet<string> = new Set(["cmd", "sh", "bash"]);
// Words between such a program and what it starts.
const SKIPPED: ReadonlySet<string> = new Set(["exec", "dlx", "run", "x", "/c"]);

/** Whether the entry starts codemode itself: a server that offered its own tools to itself would never end. */
export function isOwnServer({ command, args = [] }: OwnEntry): boolean {
  if (command === undefined) return false;
  const isShell = SHELLS.has(programName(command));
  const words = [command, ...(isShell ? args.flatMap((line) => line.split(" ")) : args)];
  const started = words.find(
    (word) => !word.startsWith("-") && !SKIPPED.has(word) && !RUNNERS.has(programName(word)),
  );
  return started !== undefined && isOwnProgram(started);
}

function isOwnProgram(program: string): boolean {
  const path = program.replaceAll("\\", "/");
  return (
    programName(program) === "codemode" ||
    /(?:^|\/)@codemode\/cli(?:@[^/]*)?(?:\/|$)/.test(path) ||
    /(?:^|\/)apps\/cli\/(?:src|dist)\/main\.[jt]s$/.test(path)
  );
}

/** Without folders, a version (`codemode@1.2.3`) and what executables end with. */
function programName(program: string): string {
  const name = basename(posix.basename(win32.basename(program)));
  return name
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat|ps1|m?js)$/, "")
    .replace(/@[^@]*$/, "");
}
