import type { ConfigSession, ConfigSessionOptions } from "@codemode/config";
import { createSessionFromConfig } from "@codemode/config";
import type { QuestionHandlers } from "@codemode/core";

import type { GlobalOptions } from "./options.ts";
import { printNote } from "./output.ts";
import { terminalQuestions } from "./terminal-questions.ts";

/** The session of one command. Servers that failed are told, and stop nothing. */
export async function openSession(
  options: GlobalOptions,
  settings: QuestionHandlers &
    Pick<ConfigSessionOptions, "defaultGuest" | "discover"> = terminalQuestions(),
): Promise<ConfigSession> {
  const opened = await createSessionFromConfig({
    configPath: options.config,
    defaultGuest: "shared",
    ...settings,
    onProgress: (message) => printNote(`note: ${message}`),
    ...(options.sandbox === undefined ? {} : { overrides: { sandbox_variant: options.sandbox } }),
  });
  for (const { message } of opened.diagnostics) printNote(`note: ${message}`);
  for (const { error } of opened.servers) if (error) printNote(`warning: ${error.message}`);
  return opened;
}
