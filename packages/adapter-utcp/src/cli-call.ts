import { createCliAdapter } from "@codemode/adapter-cli";
import type { JsonObject, JsonValue, ToolAdapter, ToolCallOptions } from "@codemode/core";
import { argumentsError, CodemodeError, isCodemodeError } from "@codemode/core";

import type { CliTemplate } from "./call-template-schema.ts";
import type { CommandPlan } from "./shell-script.ts";
import { planCommands } from "./shell-script.ts";
import { findVariables, variableKey } from "./substitute.ts";
import { toValue } from "./to-value.ts";
import { messageOf, templateError } from "./utcp-errors.ts";
import type { VariableSource } from "./variable-source.ts";

/** What the commands of a template are run with. */
export interface CliContext {
  readonly manual: string;
  /** Canonical name of the tool, for messages; absent where the manual itself is asked for. */
  readonly tool: string | undefined;
  readonly folder: string;
  readonly variables: VariableSource;
  readonly identity: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly timeoutMs: number | undefined;
}

/** Runs the commands of a template. What they print is the value: JSON where it is an object or a list. */
export async function runCommands(
  template: CliTemplate,
  context: CliContext & { readonly args: JsonObject; readonly options: ToolCallOptions },
): Promise<JsonValue> {
  const { args, options, manual } = context;
  const own = `${manual}.${manual}`;
  const { tool = own } = context;
  const plan = readPlan(template, context);
  const values = plan.names.map((name, index) => [`p${index}`, toWord(name, { args, plan, tool })]);
  await using adapter = createAdapter(template, plan, context);
  const call = { tool: own, args: Object.fromEntries(values), callId: "", executionId: "" };
  const { structuredContent: text } = await adapter
    .callTool(call, options)
    .catch((error: unknown) => Promise.reject(renamed(error, own, tool)));
  return toValue(typeof text === "string" ? text.trim() : "");
}

function readPlan(template: CliTemplate, { manual, tool }: CliContext): CommandPlan {
  if (process.platform === "win32" && planCommands(template.commands).kind === "script")
    throw templateError(manual, tool, '"commands" needs Bash, which Windows does not have');
  try {
    return planCommands(template.commands);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw templateError(manual, tool, `"commands" ${messageOf(error)}`);
  }
}

/** The same error, about the tool that the caller knows. */
function renamed(error: unknown, own: string, tool: string): unknown {
  if (!isCodemodeError(error) || own === tool) return error;
  const { code, message, cause, retryable, details } = error;
  return new CodemodeError(code, message.replaceAll(`"${own}"`, `"${tool}"`), {
    cause,
    retryable,
    tool,
    ...(details === undefined ? {} : { details }),
  });
}

/** A command as a server whose only tool has the server's own name. */
function createAdapter(template: CliTemplate, plan: CommandPlan, context: CliContext): ToolAdapter {
  const { manual, folder, identity, secrets } = context;
  const timeoutMs = template.timeout ?? context.timeoutMs;
  const isDirect = plan.kind === "direct";
  const parameters = plan.names.map((_name, index) => [`p${index}`, { raw: true }] as const);
  return createCliAdapter({
    name: manual,
    command: isDirect ? plan.command : `bash --noprofile --norc -c ${quoted(plan.script)} utcp`,
    args: isDirect ? plan.args : plan.names.map((_name, index) => `{p${index}}`).join(" "),
    params: Object.fromEntries(parameters),
    env: { ...identity, ...shellVariables(template, context), ...template.env_vars },
    folder,
    secrets,
    ...(template.working_dir ? { workingDir: template.working_dir } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

/** Variables of the manual that its commands name reach them as the process's own. */
function shellVariables(
  { commands }: CliTemplate,
  { manual, variables }: CliContext,
): Readonly<Record<string, string>> {
  const names = findVariables(commands.map(({ command }) => command));
  const known = names.flatMap((name) => {
    const value = variables.get(variableKey(name, manual));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

interface WordContext {
  readonly args: JsonObject;
  readonly plan: CommandPlan;
  readonly tool: string;
}

function toWord(name: string, { args, plan, tool }: WordContext): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined || value === null) {
    // A script counts its parameters, and the input schema has said what is required.
    if (plan.kind === "script") return "";
    throw argumentsError(tool, `"${name}" is required`);
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value === "string" && text.startsWith("-") && plan.exposed.has(name))
    throw argumentsError(
      tool,
      `${name}: ${JSON.stringify(text.slice(0, 60))} begins with "-" and could be taken for an option`,
    );
  return text;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
