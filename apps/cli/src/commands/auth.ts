import { logInToServer, logOutOfServer } from "@codemode/config";
import { CodemodeError } from "@codemode/core";

import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";

// Long enough to find a password.
const LOGIN_MS = 10 * 60_000;

/** Logs a person in to a server, or out. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const server = String(args[0]);
  const { config: configPath, json, logout } = options;
  if (logout) {
    const wasLoggedIn = await logOutOfServer({ server, configPath });
    const text = wasLoggedIn ? `Logged out of "${server}".` : `There was no login to "${server}".`;
    if (json) printJson({ ok: true, server, loggedOut: wasLoggedIn });
    else print(text);
    return EXIT.ok;
  }
  const interrupt = new AbortController();
  const late = new CodemodeError("AUTH_REQUIRED", `Nobody logged in to "${server}" in time.`);
  const timer = setTimeout(() => interrupt.abort(late), LOGIN_MS);
  const onInterrupt = (): void =>
    interrupt.abort(new CodemodeError("CANCELLED", "The login was interrupted."));
  process.once("SIGINT", onInterrupt);
  try {
    const loggedIn = await logInToServer({
      server,
      configPath,
      signal: interrupt.signal,
      onAuthorizationUrl: ({ href }) =>
        printNote(`Open this page in your browser and log in:\n\n  ${href}\n`),
    });
    if (json) printJson({ ok: true, server, loggedIn });
    else print(loggedIn ? `Logged in to "${server}".` : `Server "${server}" wants no login.`);
    return EXIT.ok;
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", onInterrupt);
  }
}
