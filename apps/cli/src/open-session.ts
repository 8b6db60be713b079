import type { ConfigSession, SandboxVariant } from "@codemode/config";
import { createSessionFromConfig, findSandboxVariant, SANDBOX_VARIANTS } from "@codemode/config";
import { CodemodeError, didYouMean } from "@codemode/core";

import type { GlobalOptions } from "./options.ts";
import { printNote } from "./output.ts";

/** The session of one command. Servers that failed are told, and stop nothing. */
export async function openSession(options: GlobalOptions): Promise<ConfigSession> {
  const variant = options.sandbox === undefined ? undefined : variantNamed(options.sandbox);
  const opened = await createSessionFromConfig({
    configPath: options.config,
    defaultGuest: "shared",
    onProgress: (message) => printNote(`note: ${message}`),
    ...(variant === undefined ? {} : { overrides: { sandbox_variant: variant } }),
  });
  for (const { message } of opened.diagnostics) printNote(`note: ${message}`);
  for (const { error } of opened.servers) if (error) printNote(`warning: ${error.message}`);
  return opened;
}

function variantNamed(name: string): SandboxVariant {
  const variant = findSandboxVariant(name);
  if (variant) return variant;
  const known = SANDBOX_VARIANTS.join(", ");
  const message = `There is no sandbox variant ${JSON.stringify(name)}.${didYouMean(name, SANDBOX_VARIANTS)} There is: ${known}.`;
  throw new CodemodeError("INVALID_ARGUMENTS", message);
}
