import type { McpAdapterOptions } from "@codemode/adapter-mcp";
import { z } from "zod";

import { mcpServerShape, startProblem } from "../mcp-server-schema.ts";

const seconds = z.number().positive().optional();
const shape = mcpServerShape;

/** The keys of a file of type `mcp`. */
export const mcpShape = {
  description: shape.description,
  transport: shape.type,
  command: shape.command,
  args: shape.args,
  env: shape.env,
  working_dir: shape.cwd,
  url: shape.url,
  headers: shape.headers,
  timeout: seconds.describe("Seconds for each call; with `sse`, for connecting"),
  sse_read_timeout: seconds.describe("Seconds for each call with `sse`"),
  tags: z.array(z.string()).optional().describe("Words for the search"),
};

/** A file of type `mcp`. */
export const mcpSchema = z.strictObject(mcpShape).check(({ value, issues }) => {
  const message = startProblem(value, "transport");
  if (message !== undefined) issues.push({ code: "custom", input: value, message });
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
