import type { ConfigSession, ConfigSessionOptions } from "@codemode/config";
import { createSessionFromConfig } from "@codemode/config";
import type { QuestionHandlers } from "@codemode/core";

import { discoverFor } from "./discover-for.ts";
import type { GlobalOptions } from "./options.ts";
import { printNote } from "./output.ts";
import { serverWarnings } from "./server-warnings.ts";
import { terminalQuestions } from "./terminal-questions.ts";

/** What a command wants of its session beside what all have. */
export interface OpenSessionSettings
  extends QuestionHandlers, Pick<ConfigSessionOptions, "defaultGuest" | "discover"> {
  /** The one tool that is asked for: servers it cannot be of are left alone. */
  readonly tool?: string;
  /** Text that may mention servers: those that failed are told in full. Default: all are. */
  readonly mentions?: string;
}

/** The session of one command. Servers that failed are told, and stop nothing. */
export async function openSession(
  options: GlobalOptions,
  { tool, mentions = tool, ...settings }: OpenSessionSettings = {},
): Promise<ConfigSession> {
  const opened = await createSessionFromConfig({
    configPath: options.config,
    defaultGuest: "shared",
    ...terminalQuestions(),
    ...(tool === undefined ? {} : { discover: false }),
    ...settings,
    onProgress: (message) => printNote(`note: ${message}`),
    ...(options.sandbox === undefined ? {} : { overrides: { sandbox_variant: options.sandbox } }),
  });
  if (tool !== undefined) await discoverFor(opened.session.registry, tool);
  for (const { message } of opened.diagnostics) printNote(`note: ${message}`);
  const warn = (): void => {
    for (const text of serverWarnings(opened.servers, mentions)) printNote(`warning: ${text}`);
  };
  if (settings.discover === "beside") void opened.discovered.then(warn);
  else warn();
  return opened;
}
