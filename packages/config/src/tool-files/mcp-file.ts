import type { McpAdapterOptions } from "@codemode/adapter-mcp";
import { z } from "zod";

const texts = z.record(z.string(), z.string());
const seconds = z.number().positive().optional();

/** The keys of a file of type `mcp`. */
export const mcpShape = {
  description: z.string().optional().describe("One line for people and models"),
  transport: z
    .enum(["stdio", "sse", "http", "streamable-http"])
    .optional()
    .describe(
      "How it is spoken to. Default: `stdio` with a command; with a URL `http`, then `sse`",
    ),
  command: z.string().min(1).optional().describe("Program to start"),
  args: z.array(z.string()).optional().describe("Its arguments"),
  env: texts.optional().describe("Variables it gets beside `PATH`, `HOME` and the like"),
  working_dir: z.string().min(1).optional().describe("Folder it starts in"),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where it is reached"),
  headers: texts.optional().describe("HTTP headers of every request"),
  timeout: seconds.describe("Seconds for each call; with `sse`, for connecting"),
  sse_read_timeout: seconds.describe("Seconds for each call with `sse`"),
  tags: z.array(z.string()).optional().describe("Words for the search"),
};

/** A file of type `mcp`. */
export const mcpSchema = z.strictObject(mcpShape).check((context) => {
  const { command, url, transport } = context.value;
  const complain = (message: string): void => {
    context.issues.push({ code: "custom", input: context.value, message });
  };
  if (command === undefined && url === undefined)
    complain('needs a "command" to start or a "url" to reach');
  else if (command !== undefined && url !== undefined)
    complain('has both "command" and "url"; keep one');
  else if (transport === "stdio" && command === undefined)
    complain('has transport "stdio" and no "command"');
  else if (transport !== undefined && transport !== "stdio" && url === undefined)
    complain(`has transport "${transport}" and no "url"`);
});

/** A file of type `mcp`, checked. */
export type McpFile = z.output<typeof mcpSchema>;

/** What the adapter takes, but for its secrets. */
export function toMcpOptions(name: string, file: McpFile, cwd: string): McpAdapterOptions {
  const { command, url = "", transport, description, timeout, sse_read_timeout } = file;
  const callSeconds = transport === "sse" ? sse_read_timeout : timeout;
  const connectSeconds = transport === "sse" ? timeout : undefined;
  const common = {
    name,
    ...(description === undefined ? {} : { description }),
    ...(callSeconds === undefined ? {} : { timeoutMs: callSeconds * 1_000 }),
    ...(connectSeconds === undefined ? {} : { connectTimeoutMs: connectSeconds * 1_000 }),
  };
  if (command !== undefined) {
    const { args = [], env = {} } = file;
    return { ...common, command, args, env, cwd };
  }
  const type = transport === "sse" || transport === "http" ? { type: transport } : {};
  const forced = transport === "streamable-http" ? { type: "http" as const } : type;
  return { ...common, url, headers: file.headers ?? {}, ...forced };
}
