import type { CodemodeError } from "@codemode/core";

import type { ServerReport } from "./check-server.ts";

/** One thing that was looked at; a failed one always says what to do. */
export type Check = {
  readonly name: string;
  readonly message: string;
  /** Only of servers. */
  readonly server?: ServerReport;
} & ({ readonly ok: true } | { readonly ok: false; readonly remedy: string });

/** Node's own part: sandboxes are child processes under its permission model. */
export function checkNode(version: string, flags: Pick<ReadonlySet<string>, "has">): Check {
  const name = "node";
  if (flags.has("--permission")) return { name, ok: true, message: version };
  return {
    name,
    ok: false,
    message: `${version} has no permission model (--permission), which keeps sandboxes from files`,
    remedy: "Install Node 24 or newer, and start codemode with it.",
  };
}

/** Why there is no session to look at: the config, or the sandbox that it names. */
export function failedCheck({ code, message, details }: CodemodeError): Check {
  if (!code.startsWith("SANDBOX_")) {
    const remedy =
      'Correct the config, or move it away and write a new one with "codemode init"; then check again.';
    return { name: "config", ok: false, message, remedy };
  }
  const known = typeof details === "object" && details && "remedy" in details && details["remedy"];
  const remedy = typeof known === "string" ? known : "Correct sandbox_variant, then check again.";
  return { name: "sandbox", ok: false, message, remedy };
}
