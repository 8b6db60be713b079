import { basename, resolve } from "node:path";

import type {
  JsonSchema,
  ToolAdapter,
  ToolCall,
  ToolCaller,
  ToolCallOptions,
  ToolDefinition,
  ToolResult,
} from "@codemode/core";
import {
  argumentsError,
  canonicalName,
  CodemodeError,
  createRedactor,
  parseJson,
  secretsByName,
  withRedaction,
} from "@codemode/core";

import {
  cancelledError,
  closedError,
  exitError,
  noJsonError,
  optionsError,
  overflowError,
  startError,
  timeoutError,
} from "./cli-errors.ts";
import type { CommandWords } from "./cli-errors.ts";
import type { CliAdapterOptions } from "./cli-options.ts";
import type { CliTool, ObjectSchema } from "./cli-tools.ts";
import { toCliTools } from "./cli-tools.ts";
import { commandEnvironment } from "./environment.ts";
import { findCommand, isFolder } from "./find-command.ts";
import type { CommandEnd } from "./run-command.ts";
import { runCommand } from "./run-command.ts";
import { splitWords } from "./split-words.ts";
import { unusableWords } from "./unusable-words.ts";

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 2 * 1024 * 1024;

/** A command, ready to be run. */
interface Command {
  readonly options: CliAdapterOptions;
  readonly name: string;
  /** Its words before the arguments of a call. */
  readonly prefix: readonly string[];
  readonly folder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly words: CommandWords;
  readonly closing: AbortController;
  /** Groups that are being stopped. */
  readonly stopping: Set<Promise<void>>;
}

/**
 * A command as a server: the tool of its own name calls it, and each recipe is another tool. It runs
 * without a shell, one value within one argument. Throws `CONFIG_INVALID`.
 */
export function createCliAdapter(options: CliAdapterOptions): ToolAdapter {
  const { name, description } = options;
  const command = toCommand(options);
  const tools = new Map(toCliTools(options).map((tool) => [tool.name, tool]));
  const definitions = [...tools.values()].map((tool) => toDefinition(tool, options));
  const check = (): Promise<void> => checkCommand(command);
  const callTool: ToolCaller = async (call, callOptions) => {
    const tool = tools.get(call.tool.slice(name.length + 1));
    if (!tool) {
      const message = `Tool "${call.tool}" not found.`;
      throw new CodemodeError("TOOL_NOT_FOUND", message, { tool: call.tool });
    }
    return callCommand(command, { tool, call, options: callOptions });
  };
  return {
    name,
    ...(description === undefined ? {} : { description }),
    transport: "cli",
    async listTools() {
      await check();
      return { tools: definitions, diagnostics: [] };
    },
    // What a command prints of its secret variables goes to nobody.
    callTool: withRedaction(callTool, secretsByName(options.env)),
    check,
    async [Symbol.asyncDispose]() {
      command.closing.abort();
      await Promise.all(command.stopping);
    },
  };
}

function toCommand(options: CliAdapterOptions): Command {
  const { name, workingDir, env = {}, secrets = [] } = options;
  const [command = "", ...prefix] = commandWords(options);
  const folder = resolve(options.folder ?? ".");
  for (const [variable, value] of Object.entries(env)) {
    if (/[=\0]/.test(variable) || variable === "" || value.includes("\0"))
      throw optionsError(name, `env.${variable}`, "is nothing that a process can be given");
  }
  return {
    options,
    name: command,
    prefix,
    folder,
    cwd: resolve(folder, workingDir ?? "."),
    env: commandEnvironment(env),
    words: {
      server: name,
      command,
      workingDir,
      mask: createRedactor([...secrets, ...Object.values(env)]).mask,
    },
    closing: new AbortController(),
    stopping: new Set(),
  };
}

function commandWords({ name, command = name }: CliAdapterOptions): readonly string[] {
  try {
    const words = splitWords(command);
    if (words[0] === undefined || words[0] === "") throw new SyntaxError("is empty");
    if (words.some((word) => word.includes("\0"))) throw new SyntaxError("has a NUL");
    return words;
  } catch (error) {
    if (error instanceof SyntaxError) throw optionsError(name, "command", error.message);
    throw error;
  }
}

function toDefinition(tool: CliTool, options: CliAdapterOptions): ToolDefinition {
  const { name: server, parseJson: isJson = false, outputSchema } = options;
  const output = isJson ? outputSchema : { type: "string" };
  return {
    server,
    name: tool.name,
    canonicalName: canonicalName(server, tool.name),
    description: tool.description,
    inputSchema: options.stdin === true ? withStdin(tool.inputSchema) : tool.inputSchema,
    ...(output === undefined ? {} : { outputSchema: output }),
    inputExamples: [],
    deferLoading: false,
    annotations: options.annotations ?? {},
    tags: options.tags ?? [],
    meta: {},
  };
}

function withStdin(schema: ObjectSchema): JsonSchema {
  const stdin = { type: "string", description: "Text that the command reads on standard input" };
  return { ...schema, properties: { ...schema.properties, stdin } };
}

async function checkCommand(command: Command): Promise<void> {
  const { words, closing, cwd } = command;
  if (closing.signal.aborted) throw closedError(words.server);
  const found = await findCommand(command.name, command);
  if (found.file === undefined) throw startError(found.reason, words);
  if (!(await isFolder(cwd))) throw startError("ENOTDIR", words);
}

interface CommandCall {
  readonly tool: CliTool;
  readonly call: ToolCall;
  readonly options: ToolCallOptions;
}

async function callCommand(command: Command, request: CommandCall): Promise<ToolResult> {
  const { call, tool } = request;
  const { words, closing } = command;
  const { timeoutMs = TIMEOUT_MS, maxOutputBytes = MAX_OUTPUT_BYTES } = command.options;
  const { stdin, ...args } = call.args;
  const takesStdin = command.options.stdin === true;
  const { words: vector, problems } = tool.toVector(takesStdin ? args : call.args);
  const wrong = [...problems, ...unusableWords(vector)];
  if (takesStdin && stdin !== undefined && typeof stdin !== "string")
    wrong.push("stdin: must be a string");
  if (wrong.length > 0) throw argumentsError(call.tool, ...wrong);

  const { signal } = request.options;
  if (signal.aborted) throw cancelledError(call.tool, signal);
  if (closing.signal.aborted) throw closedError(words.server, call.tool);
  const found = await findCommand(command.name, command);
  if (found.file === undefined) throw startError(found.reason, words, call.tool);
  const { end, stopped } = await runCommand({
    file: found.file,
    argv0: basename(command.name),
    args: [...command.prefix, ...vector],
    cwd: command.cwd,
    env: command.env,
    stdin: takesStdin && typeof stdin === "string" ? stdin : undefined,
    timeoutMs,
    maxOutputBytes,
    signal: AbortSignal.any([signal, closing.signal]),
  });
  keep(command.stopping, stopped);
  return toResult(command, request, end);
}

function keep(stopping: Set<Promise<void>>, stopped: Promise<void>): void {
  const kept = stopped.finally(() => stopping.delete(kept));
  stopping.add(kept);
}

async function toResult(
  { options, words, cwd }: Command,
  { call, options: { signal } }: CommandCall,
  end: CommandEnd,
): Promise<ToolResult> {
  const { timeoutMs = TIMEOUT_MS, maxOutputBytes = MAX_OUTPUT_BYTES, exitCodes = [0] } = options;
  switch (end.kind) {
    case "timeout":
      throw timeoutError(call.tool, timeoutMs);
    case "overflow":
      throw overflowError(call.tool, maxOutputBytes);
    case "aborted":
      throw signal.aborted
        ? cancelledError(call.tool, signal)
        : closedError(words.server, call.tool);
    case "failed":
      // A folder that is not there is reported like a program that is not there.
      throw startError((await isFolder(cwd)) ? end.error : "ENOTDIR", words, call.tool);
    default:
  }
  if (end.code === null || !exitCodes.includes(end.code)) throw exitError(call.tool, end, words);
  const text = end.stdout.toString("utf8");
  if (options.parseJson !== true) {
    return { content: [{ type: "text", text }], structuredContent: text };
  }
  try {
    return { content: [], structuredContent: parseJson(text) };
  } catch {
    throw noJsonError(call.tool, text, words);
  }
}
