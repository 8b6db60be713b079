import type { Readable, Writable } from "node:stream";

import type { ElicitAnswer, ElicitQuestion, JsonObject, QuestionHandlers } from "@codemode/core";
import { CodemodeError, escapeTerminalText } from "@codemode/core";

import type { FormField } from "./form-fields.ts";
import { readFormFields } from "./form-fields.ts";

/** Where questions are asked: standard error, for standard output is the command's result. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
}

/** What servers ask is asked on the terminal, one question after another. Without one it is refused. */
export function terminalQuestions(
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): QuestionHandlers {
  let last: Promise<unknown> = Promise.resolve();
  return {
    onElicit(question, { signal }) {
      if (terminal.input.isTTY !== true || terminal.output.isTTY !== true)
        return Promise.reject(noTerminal());
      const asked = last.then(() => ask(question, { ...terminal, signal }));
      // Whoever asked is told of its failure; the next question only waits for its end.
      last = asked.catch(() => undefined);
      return asked;
    },
  };
}

function noTerminal(): CodemodeError {
  const message =
    "standard input is no terminal, so nobody can be asked; run the command in a terminal";
  return new CodemodeError("INPUT_UNAVAILABLE", message);
}

type PromptContext = Terminal & { readonly signal: AbortSignal };

async function ask(question: ElicitQuestion, context: PromptContext): Promise<ElicitAnswer> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const isUrl = question.mode === "url";
  const asks = isUrl
    ? `wants you to open ${question.url} and go on when you are done there`
    : "wants to know something of you";
  const message = line(`Server "${question.server}" ${asks}: ${question.message}`);
  const active = isUrl ? "Done" : "Answer";
  const agreed = await confirm({ ...context, message, active, inactive: "Decline" });
  if (isCancel(agreed)) return { action: "cancel" };
  if (!agreed) return { action: "decline" };
  if (isUrl) return { action: "accept" };
  const content: Record<string, JsonObject[string]> = {};
  for (const field of readFormFields(question.schema)) {
    // oxlint-disable-next-line no-await-in-loop -- a person answers one after another
    const value = await askField(field, context);
    if (typeof value === "symbol") return { action: "cancel" };
    if (value !== undefined) content[field.name] = value;
  }
  return { action: "accept", content };
}

async function askField(
  field: FormField,
  context: PromptContext,
): Promise<JsonObject[string] | symbol | undefined> {
  const { confirm, multiselect, select, text } = await import("@clack/prompts");
  const message = line(field.label);
  const options = field.choices.map(({ value, label }) => ({ value, label: line(label) }));
  if (field.kind === "boolean")
    return confirm({ ...context, message, initialValue: field.initial === true });
  if (field.kind === "choice") return select({ ...context, message, options });
  if (field.kind === "choices")
    return multiselect({ ...context, message, options, required: field.isRequired });
  const initial = field.initial === undefined ? {} : { initialValue: line(String(field.initial)) };
  const given = await text({
    ...context,
    ...initial,
    message,
    validate: (value = "") => field.problem(value),
  });
  return typeof given === "string" ? field.parse(given) : given;
}

/** What a server says, on one line of the terminal. */
function line(given: string): string {
  return escapeTerminalText(given, { singleLine: true });
}
