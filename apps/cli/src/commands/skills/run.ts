import type { JsonObject } from "@codemode/core";
import { createToolset } from "@codemode/toolset";

import { openSession } from "../../open-session.ts";
import { skillsOff } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson, printNote } from "../../output.ts";
import { readArguments } from "../../read-arguments.ts";

/** Runs a skill in the sandbox and prints what it gives; what it printed goes beside. */
export async function run(
  [name, parts]: readonly unknown[],
  options: GlobalOptions,
): Promise<number> {
  const given = await readArguments(Array.isArray(parts) ? parts.map(String) : []);
  await using opened = await openSession(options, { mentions: String(name) });
  const { session } = opened;
  const { tools } = createToolset({ session, codemode: false, skills: true });
  const tool = tools.find((one) => one.name === "run_skill");
  if (!tool) throw skillsOff();
  const { script } = options;
  const request = {
    name,
    arguments: given,
    ...(script === undefined ? {} : { script_name: script }),
  };
  const { structuredContent, isError } = await tool.execute(request);
  const { output, stdout, stderr, failure_reason, recovery_hint, code_error } = structuredContent;
  if (options.json) {
    printJson(structuredContent);
    return isError ? failureCode(structuredContent) : EXIT.ok;
  }
  for (const text of [stdout, stderr])
    if (typeof text === "string" && text !== output) printNote(text.trimEnd());
  if (!isError) {
    print(typeof output === "string" ? output.trimEnd() : JSON.stringify(output ?? null, null, 2));
    return EXIT.ok;
  }
  const { traceback } = Object(code_error);
  printNote(`error: ${typeof failure_reason === "string" ? failure_reason : "The skill failed."}`);
  for (const line of String(traceback ?? "")
    .split("\n")
    .slice(1))
    printNote(line);
  const exitCode = failureCode(structuredContent);
  // The hint of a name or of arguments that are wrong speaks of the tools of models.
  if (exitCode === EXIT.usage)
    printNote("hint: codemode skills list, and show NAME, say what there is");
  else if (typeof recovery_hint === "string") printNote(recovery_hint);
  return exitCode;
}

/** What the skill does wrong is its failure; a name or arguments that do not fit are the caller's. */
function failureCode({ exit_code, execution_ok, root_error_code }: JsonObject): number {
  const isMissing = execution_ok === false && root_error_code === "SKILL_NOT_FOUND";
  return exit_code === 2 || isMissing ? EXIT.usage : EXIT.failed;
}
