import { resolve } from "node:path";

import type { ToolAdapter } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";
import { z } from "zod";

import type { ConfigProblem } from "../config-document.ts";
import { problemText } from "../config-document.ts";
import { toCliOptions } from "./cli-file.ts";
import { toHttpOptions } from "./http-file.ts";
import { toMcpOptions } from "./mcp-file.ts";
import type { ParsedToolFile, ToolFileContent } from "./parse-tool-file.ts";

/** How a file is named to people, and where its relative paths start. */
export interface ToolFilePlace {
  readonly file: string;
  readonly folder: string;
  /** Variables for what is started. */
  readonly identity: Readonly<Record<string, string>>;
}

/** The server that a file describes. A file with problems is one that tells them when it is listed. */
export async function toolFileAdapter(
  parsed: ParsedToolFile,
  { file, folder, identity }: ToolFilePlace,
): Promise<ToolAdapter | undefined> {
  const { content, problems, secrets, name = file } = parsed;
  if (problems.length > 0) return brokenAdapter(name, problemsError(file, problems));
  if (!content) return undefined;
  try {
    return await createAdapter(content, { folder, identity, secrets });
  } catch (error) {
    if (!isCodemodeError(error, "CONFIG_INVALID")) throw error;
    return brokenAdapter(name, problemsError(file, [problemOf(error, parsed)]));
  }
}

interface AdapterContext extends Pick<ToolFilePlace, "folder" | "identity"> {
  readonly secrets: readonly string[];
}

/** The packages are loaded only where there is such a file. */
async function createAdapter(
  content: ToolFileContent,
  { folder, identity, secrets }: AdapterContext,
): Promise<ToolAdapter> {
  if (content.type === "cli") {
    const { createCliAdapter } = await import("@codemode/adapter-cli");
    const own = toCliOptions(content.name, content.file);
    return createCliAdapter({ ...own, env: { ...identity, ...own.env }, folder, secrets });
  }
  if (content.type === "http") {
    const { createHttpAdapter } = await import("@codemode/adapter-http");
    return createHttpAdapter({ ...toHttpOptions(content.name, content.file), secrets });
  }
  const { createMcpAdapter } = await import("@codemode/adapter-mcp");
  const cwd = resolve(folder, content.file.working_dir ?? ".");
  const own = toMcpOptions(content.name, content.file, cwd);
  const options = "command" in own ? { ...own, env: { ...identity, ...own.env } } : own;
  const adapter = createMcpAdapter({ ...options, secrets });
  return withTags(adapter, content.file.tags ?? []);
}

/** The same server, its tools with further words for the search. */
function withTags(adapter: ToolAdapter, tags: readonly string[]): ToolAdapter {
  if (tags.length === 0) return adapter;
  return {
    name: adapter.name,
    // It learns both from the server.
    get description() {
      return adapter.description;
    },
    get transport() {
      return adapter.transport;
    },
    get protocol() {
      return adapter.protocol;
    },
    async listTools(options) {
      const { tools, diagnostics } = await adapter.listTools(options);
      const tagged = tools.map((tool) =>
        Object.assign({}, tool, { tags: [...tool.tags, ...tags] }),
      );
      return { tools: tagged, diagnostics };
    },
    callTool: adapter.callTool,
    check: (options) => adapter.check(options),
    onToolsChanged: (listener) => adapter.onToolsChanged?.(listener) ?? (() => undefined),
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}

/** A server that never works: whoever asks for its tools reads why. */
export function brokenAdapter(name: string, error: CodemodeError): ToolAdapter {
  const refuse = (): Promise<never> => Promise.reject(error);
  return {
    name,
    transport: "file",
    listTools: refuse,
    callTool: refuse,
    check: refuse,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Each problem with the file, its line and its key. */
export function problemsError(file: string, problems: readonly ConfigProblem[]): CodemodeError {
  const lines = problems.map((problem) => problemText(file, problem));
  return new CodemodeError("CONFIG_INVALID", lines.join("\n"));
}

/** What an adapter says of its options, at the line of the file. */
function problemOf(error: CodemodeError, { document }: ParsedToolFile): ConfigProblem {
  const said = optionProblem.safeParse(error.details).data;
  if (!said) return { line: undefined, key: "", message: error.message };
  const path = said.key.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return { line: document.lineOf(path), key: said.key, message: said.problem };
}

/** The details of an adapter's `CONFIG_INVALID`. */
export const optionProblem = z.object({ key: z.string(), problem: z.string() });
