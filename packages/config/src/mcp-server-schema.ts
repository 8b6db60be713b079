import { z } from "zod";

const texts = z.record(z.string(), z.string());

const oauthSchema = z
  .object({
    grant: z
      .enum(["authorization_code", "client_credentials"])
      .optional()
      .describe(
        "`client_credentials` logs in by itself. Default: a person does, with `codemode auth`",
      ),
    client_id: z.string().optional().describe("Default: this client registers itself"),
    client_secret: z.string().optional().describe("Best from a variable"),
    client_metadata_url: z.url().optional().describe("`https` URL that describes this client"),
    issuer: z.url().optional().describe("The one authorization server that gets the secret"),
    scope: z.string().optional().describe("Scopes, separated by spaces"),
    redirect_port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe("Port that the browser comes back to. Default: any"),
  })
  .describe("OAuth of a server with a URL; it is found out where it is not given");

/** The keys of one entry of `mcpServers`. */
export const mcpServerShape = {
  type: z
    .enum(["stdio", "http", "streamable-http", "sse"])
    .optional()
    .describe(
      "How it is spoken to. Default: `stdio` with a command; with a URL `http`, then `sse`",
    ),
  command: z.string().min(1).optional().describe("Program to start"),
  args: z.array(z.string()).optional().describe("Its arguments"),
  env: texts.optional().describe("Variables it gets beside `PATH`, `HOME` and the like"),
  cwd: z.string().optional().describe("Folder it starts in"),
  url: z
    .url({
      protocol: /^https?$/,
      error: 'is no URL of a server; write it like "https://host/mcp"',
    })
    .optional()
    .describe("Where it is reached"),
  headers: texts.optional().describe("HTTP headers of every request"),
  description: z.string().optional().describe("One line for people and models"),
  timeout_ms: z
    .number()
    .positive()
    .optional()
    .meta({ description: "Milliseconds for each call and listing", default: 30_000 }),
  connect_timeout_ms: z
    .number()
    .positive()
    .optional()
    .meta({ description: "Milliseconds for connecting", default: 30_000 }),
  max_message_bytes: z
    .int()
    .positive()
    .optional()
    .meta({ description: "Longest message of the server that is read", default: 16_777_216 }),
  protocol_era: z
    .enum(["auto", "2025", "2026", "legacy"])
    .optional()
    .describe(
      "Revision of the protocol: `2025` up to 2025-11-25 (also `legacy`), `2026` only 2026-07-28, `auto` asks for that first. Default: `2025` for commands, `auto` for URLs",
    ),
  include_tools: z
    .array(z.string())
    .optional()
    .describe("Names of the tools that there are; all others do not exist. Default: all"),
  exclude_tools: z
    .array(z.string())
    .optional()
    .describe("Names of tools that do not exist here. Default: none"),
  oauth: oauthSchema.optional(),
  lazy: z.boolean().optional().meta({
    description:
      "Let the server rest: it is started to list its tools, stopped when nobody calls them, and started again at the next call",
    default: false,
  }),
  idle_stop_ms: z.number().positive().optional().meta({
    description: "Milliseconds without a call after which a lazy server is stopped",
    default: 60_000,
  }),
  retry: z.boolean().optional().meta({
    description:
      "Make a call once more whose connection broke, where the tool says that it only reads or may be done twice",
    default: false,
  }),
  roots: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "Folders the server is told to work in: paths from this file (`.` is its folder) or `file:` URLs. Some servers take them in place of the folders in their `args`. Default: none",
    ),
  disabled: z.boolean().optional().meta({ description: "Leave this server out", default: false }),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: "`false` means the same as `disabled: true`", default: true }),
};

/** Said of an entry that cannot be started or reached. */
export const NEEDS_START = 'needs a "command" to start or a "url" to reach';

/** What says how a server is started or reached, whatever the key of its transport is called. */
interface Start {
  readonly command?: string | undefined;
  readonly url?: string | undefined;
  readonly transport?: string | undefined;
}

/** What is wrong with it, in words that go on after the entry's name. */
export function startProblem(
  { command, url, transport }: Start,
  key: "type" | "transport",
): string | undefined {
  if (command === undefined && url === undefined) return NEEDS_START;
  if (command !== undefined && url !== undefined) return 'has both "command" and "url"; keep one';
  if (transport === "stdio" && command === undefined)
    return `has ${key} "stdio" and a "url"; start it with "command", or take "${key}" away`;
  if (transport !== undefined && transport !== "stdio" && url === undefined)
    return `has ${key} "${transport}" and a "command"; give a "url", or take "${key}" away`;
  return undefined;
}

const entrySchema = z.strictObject(mcpServerShape).check(({ value, issues }) => {
  const message = startProblem({ ...value, transport: value.type }, "type");
  if (message !== undefined) issues.push({ code: "custom", input: value, message });
});

/** One entry of `mcpServers`: exactly one of `command` and `url`. */
export const mcpServerSchema = entrySchema.transform(({ enabled, ...server }) =>
  enabled === false ? { ...server, disabled: true } : server,
);

/** One entry, checked. */
export type McpServerConfig = z.output<typeof mcpServerSchema>;

/** Keys that other clients keep in the same entries; they mean nothing here and do no harm. */
export const FOREIGN_KEYS: ReadonlySet<string> = new Set(
  (
    "timeout autoApprove alwaysAllow disabledTools enabledTools allowedTools toolFilter trust " +
    "transport transportType icon name gallery version note notes startup_timeout_sec tool_timeout_sec " +
    "bearer_token_env_var env_vars auth includeTools excludeTools"
  ).split(" "),
);
