import type { JsonObject, JsonSchema, QuestionHandlers, ToolAnnotations } from "@codemode/core";
import { CodemodeError, didYouMean, isCodemodeError, schemaProblem } from "@codemode/core";
import type { SandboxEvent } from "@codemode/sandbox";
import { z } from "zod";

/** What a call of a meta-tool gives: one object, the same for people, models and programs. */
export interface ToolsetResult {
  readonly structuredContent: JsonObject;
  /** The program failed, or the call could not be served; `structuredContent.error` says why. */
  readonly isError: boolean;
}

/** What a call can be given, and who answers what servers ask meanwhile. */
export interface ToolsetCallOptions extends QuestionHandlers {
  readonly signal?: AbortSignal;
  /** Logs and tool calls of a program as they happen. */
  readonly onEvent?: (event: SandboxEvent) => void;
}

/** A meta-tool in a form that any framework can serve. */
export interface ToolsetTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly annotations: ToolAnnotations;
  /** Never rejects. */
  execute(args: unknown, options?: ToolsetCallOptions): Promise<ToolsetResult>;
}

/** A meta-tool before its arguments' schema is made public. */
export interface ToolsetToolDefinition<Input extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  readonly annotations: ToolAnnotations;
  /** Other words that are taken for an argument: what models write that know a like tool. */
  readonly aliases?: Readonly<Record<string, string>>;
  run(args: z.output<Input>, options: ToolsetCallOptions): Promise<ToolsetResult> | ToolsetResult;
}

/** Checks arguments, and turns whatever goes wrong into a result. */
export function defineTool<Input extends z.ZodObject>(
  definition: ToolsetToolDefinition<Input>,
): ToolsetTool {
  const { name, description, input, annotations, aliases = {} } = definition;
  return {
    name,
    description,
    inputSchema: publicSchema(input),
    annotations,
    async execute(args, options = {}) {
      const parsed = input.safeParse(withoutAliases(args ?? {}, aliases), { error: schemaProblem });
      if (!parsed.success) {
        const problems = parsed.error.issues.map((issue) => problemText(issue, input));
        const said = problems.join("; ");
        const message = `Wrong arguments for "${name}": ${said}${said.endsWith("?") ? "" : "."}`;
        return failure(new CodemodeError("INVALID_ARGUMENTS", message));
      }
      try {
        return await definition.run(parsed.data, options);
      } catch (error) {
        return failure(error);
      }
    },
  };
}

/** Arguments under their own names; one that is given twice is left for the schema to refuse. */
function withoutAliases(args: unknown, aliases: Readonly<Record<string, string>>): unknown {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return args;
  const entries = Object.entries(args).map(([key, value]: [string, unknown]) => {
    const own = Object.hasOwn(aliases, key) ? aliases[key] : undefined;
    return [own === undefined || Object.hasOwn(args, own) ? key : own, value];
  });
  return Object.fromEntries(entries);
}

/** A result that is data. */
export function success(structuredContent: JsonObject): ToolsetResult {
  return { structuredContent, isError: false };
}

function failure(error: unknown): ToolsetResult {
  const known = isCodemodeError(error) ? error : undefined;
  const code = known?.code ?? "INTERNAL";
  const message = known?.message ?? "codemode failed. Please report it.";
  return { structuredContent: { ok: false, error: { code, message } }, isError: true };
}

function problemText(issue: z.core.$ZodIssue, input: z.ZodObject): string {
  const place = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  if (issue.code !== "unrecognized_keys") return `${place}${issue.message}`;
  const known = Object.keys(input.shape);
  const unknown = issue.keys.map((key) => {
    const hint = didYouMean(key, known) || ` There are: ${known.join(", ")}.`;
    return `${place}${key}: no such argument.${hint}`.replace(/\.$/, "");
  });
  return unknown.join("; ");
}

/** Without what costs tokens and says nothing to a model. */
function publicSchema(input: z.ZodObject): JsonSchema {
  const schema = z.toJSONSchema(input, { io: "input" });
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== "$schema"));
}

/** An object without its empty members: absent, no elements, `false`. */
export function compact(value: {
  readonly [key: string]: JsonObject[string] | undefined;
}): JsonObject {
  const kept: [string, JsonObject[string]][] = [];
  for (const [key, member] of Object.entries(value)) {
    const isEmpty = member === undefined || (Array.isArray(member) && member.length === 0);
    if (!isEmpty) kept.push([key, member]);
  }
  return Object.fromEntries(kept);
}
