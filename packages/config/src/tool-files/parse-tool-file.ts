import { didYouMean, isRecord, schemaProblem } from "@codemode/core";
import { z } from "zod";

import type { ConfigDocument, ConfigProblem } from "../config-document.ts";
import { parseConfigDocument } from "../config-document.ts";
import { interpolate } from "../variables.ts";
import type { CliFile } from "./cli-file.ts";
import { cliShape } from "./cli-file.ts";
import type { HttpFile } from "./http-file.ts";
import { httpShape } from "./http-file.ts";
import { keysAt } from "./keys-at.ts";
import type { McpFile } from "./mcp-file.ts";
import { mcpSchema, mcpShape } from "./mcp-file.ts";

/** What a tool file says, checked. */
export type ToolFileContent =
  | { readonly type: "cli"; readonly name: string; readonly file: CliFile }
  | { readonly type: "http"; readonly name: string; readonly file: HttpFile }
  | { readonly type: "mcp"; readonly name: string; readonly file: McpFile };

/** A tool file that was read. */
export interface ParsedToolFile {
  /** Absent where the file has none that can be used. */
  readonly name: string | undefined;
  /** Absent where there are problems, and where the file is switched off. */
  readonly content: ToolFileContent | undefined;
  readonly problems: readonly ConfigProblem[];
  /** What its variables stood for. */
  readonly secrets: readonly string[];
  readonly document: ConfigDocument;
}

/** How servers of tool files may be called. */
export const TOOL_NAME = /^[A-Za-z_][\w-]{0,63}$/;
/** The same in words. */
export const NAME_RULE = "must be a name of letters, digits, _ and -, with a letter first";

const head = {
  name: z.string().regex(TOOL_NAME, NAME_RULE),
  type: z.enum(["cli", "http", "mcp"]).default("cli"),
  disabled: z.boolean().default(false),
};

const WORDS = { error: schemaProblem };

const SCHEMAS = {
  cli: z.strictObject({ ...head, ...cliShape }),
  http: z.strictObject({ ...head, ...httpShape }),
  // How its keys go together is checked when they are right one by one.
  mcp: z.strictObject({ ...head, ...mcpShape }),
} as const;

// Enough for any tool that a person describes.
const MAX_BYTES = 1_000_000;

/** Reads a file's text. `fallbackName` is its name where it gives none. */
export function parseToolFile(
  text: string,
  {
    fallbackName,
    env,
  }: {
    readonly fallbackName: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): ParsedToolFile {
  if (text.length > MAX_BYTES) return failed(tooLong());
  const document = parseConfigDocument(text, "tool.yaml");
  if (document.problems.length > 0) return failed(document);
  const { value, unset, filled } = interpolate(document.value, env);
  const given = isRecord(value) ? { name: fallbackName, ...value } : value;
  const name = isRecord(given) ? head.name.safeParse(given["name"]).data : undefined;
  const variables = unset.map((variable) => ({
    line: document.lineOf(variable.path),
    key: variable.path.join("."),
    message: `variable ${variable.name} is not set. Set it, or write \${${variable.name}:-default}`,
  }));
  const places = new Set(variables.map(({ key }) => key));
  const { content, problems } = check(given, document);
  return {
    name,
    content: variables.length + problems.length > 0 ? undefined : content,
    problems: [...variables, ...problems.filter(({ key }) => !places.has(key))],
    // A whole URL is a place, and no secret.
    secrets: filled.map((one) => one.value).filter((one) => !/^https?:\/\//i.test(one)),
    document,
  };
}

function tooLong(): ConfigDocument {
  const message = `is over ${MAX_BYTES} characters long; a tool file is at most that`;
  const problems = [{ line: undefined, key: "", message }];
  return { value: {}, problems, lineOf: () => undefined };
}

function failed(document: ConfigDocument): ParsedToolFile {
  const { problems } = document;
  return { name: undefined, content: undefined, problems, secrets: [], document };
}

interface Checked {
  readonly content?: ToolFileContent | undefined;
  readonly problems: readonly ConfigProblem[];
}

function check(value: unknown, document: ConfigDocument): Checked {
  if (!isRecord(value)) {
    const message = 'must hold keys, as "name: ls" and "type: cli"';
    return { problems: [{ line: 1, key: "", message }] };
  }
  const type = value["type"] ?? "cli";
  if (type === "cli") return checkCli(value, document);
  if (type === "http") return checkHttp(value, document);
  if (type === "mcp") return checkMcp(value, document);
  const known = Object.keys(SCHEMAS);
  const shown = JSON.stringify(type);
  const message = `must be one of ${known.join(", ")}, not ${shown}.${didYouMean(shown, known)}`;
  return { problems: [{ line: document.lineOf(["type"]), key: "type", message }] };
}

type CheckFile = (value: Readonly<Record<string, unknown>>, document: ConfigDocument) => Checked;

const checkCli: CheckFile = (value, document) => {
  const parsed = SCHEMAS.cli.safeParse(value, WORDS);
  if (!parsed.success) return { problems: toProblems(parsed.error, SCHEMAS.cli, document) };
  const { name, type: _type, disabled, ...file } = parsed.data;
  return { content: disabled ? undefined : { type: "cli", name, file }, problems: [] };
};

const checkHttp: CheckFile = (value, document) => {
  const parsed = SCHEMAS.http.safeParse(value, WORDS);
  if (!parsed.success) return { problems: toProblems(parsed.error, SCHEMAS.http, document) };
  const { name, type: _type, disabled, ...file } = parsed.data;
  return { content: disabled ? undefined : { type: "http", name, file }, problems: [] };
};

const checkMcp: CheckFile = (value, document) => {
  const parsed = SCHEMAS.mcp.safeParse(value, WORDS);
  if (!parsed.success) return { problems: toProblems(parsed.error, SCHEMAS.mcp, document) };
  const { name, type: _type, disabled, ...rest } = parsed.data;
  const whole = mcpSchema.safeParse(rest, WORDS);
  if (!whole.success) return { problems: toProblems(whole.error, SCHEMAS.mcp, document) };
  return { content: disabled ? undefined : { type: "mcp", name, file: whole.data }, problems: [] };
};

function toProblems(
  error: z.ZodError,
  schema: z.ZodType,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  return error.issues.flatMap((issue): readonly ConfigProblem[] => {
    const { path } = issue;
    if (issue.code !== "unrecognized_keys") {
      return [{ line: document.lineOf(path), key: path.join("."), message: issue.message }];
    }
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      line: document.lineOf([...path, key]),
      key: [...path, key].join("."),
      message: `is no key here.${didYouMean(key, known) || ` There are ${known.join(", ")}.`}`,
    }));
  });
}
