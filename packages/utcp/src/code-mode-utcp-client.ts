import type { UtcpConfig } from "@codemode/adapter-utcp";
import { findVariables, loadUtcpConfig, manualName, readUtcpConfig } from "@codemode/adapter-utcp";
import { serverDeclarations } from "@codemode/codegen";
import type { ToolRegistry } from "@codemode/core";
import { CodemodeError, createToolRegistry } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";

import { AGENT_PROMPT_TEMPLATE } from "./agent-prompt.ts";
import { toChainResult } from "./chain-result.ts";
import type {
  ChainOptions,
  ClientOptions,
  CodeModeUtcpClient as Client,
  RegisterManualResult,
} from "./client-types.ts";
import type { Manuals } from "./manuals.ts";
import { createManuals } from "./manuals.ts";
import type { UtcpTool } from "./utcp-tool.ts";
import { toInterface } from "./utcp-tool.ts";

/** A client of manuals, as `CodeModeUtcpClient.create` makes one. */
export type CodeModeUtcpClient = Client;

/** Where clients come from, and what their models are told. */
export const CodeModeUtcpClient: {
  readonly create: typeof create;
  readonly AGENT_PROMPT_TEMPLATE: string;
} = { create, AGENT_PROMPT_TEMPLATE };

const TIMEOUT_MS = 30_000;
const MEMORY_MB = 128;
const MAX_FOUND = 50;

/**
 * Opens a client. `config` is the content of a `.utcp_config.json`, or its path; relative paths start in
 * `rootDir`. Rejects with `CONFIG_NOT_FOUND` or `CONFIG_INVALID`; what became of each manual is in `registered`.
 */
async function create(
  rootDir: string = process.cwd(),
  config: string | Readonly<Record<string, unknown>> | null = null,
  options: ClientOptions = {},
): Promise<Client> {
  const read = await readConfig(rootDir, config, options);
  await using made = new AsyncDisposableStack();
  const registry = made.use(createToolRegistry());
  const sandbox = options.sandbox ?? made.use(createIsolatedVmSandbox({ memoryMb: MEMORY_MB }));
  const sessions = made.use(
    createSessions((memoryMb) => createSession({ registry, sandbox, memoryMb })),
  );
  const manuals = createManuals(registry, { ...read, callables: options.callables });
  const registered = await manuals.registerAll(read.templates);
  const owned = made.move();
  return toClient({ registry, manuals, sessions, registered, close: () => owned.disposeAsync() });
}

function readConfig(
  folder: string,
  config: string | Readonly<Record<string, unknown>> | null,
  { env = process.env }: ClientOptions,
): UtcpConfig | Promise<UtcpConfig> {
  if (typeof config === "string") return loadUtcpConfig(config, { folder, env });
  return readUtcpConfig(config ?? {}, { folder, env }, "config");
}

interface Sessions extends AsyncDisposable {
  /** Of programs with so much memory. */
  for(memoryMb: number): Session;
}

function createSessions(open: (memoryMb: number) => Session): Sessions {
  const sessions = new Map<number, Session>();
  return {
    for(memoryMb) {
      const session = sessions.get(memoryMb) ?? open(memoryMb);
      sessions.set(memoryMb, session);
      return session;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...sessions.values()].map((session) => session[Symbol.asyncDispose]()));
    },
  };
}

interface ClientParts {
  readonly registry: ToolRegistry;
  readonly manuals: Manuals;
  readonly sessions: Sessions;
  readonly registered: readonly RegisterManualResult[];
  readonly close: () => Promise<void>;
}

function toClient({ registry, manuals, sessions, registered, close }: ClientParts): Client {
  return {
    registered,
    registerManual: (template) => manuals.register(template),
    registerManuals: (templates) => manuals.registerAll(templates),
    deregisterManual: (name) => manuals.deregister(name),
    getTool: async (name) => manuals.find(name),
    getTools: async () => manuals.all(),
    async searchTools(query, limit = 10, tags = []) {
      const session = sessions.for(MEMORY_MB);
      const { matches } = session.searchTools(query, { limit: MAX_FOUND });
      const tools = matches.flatMap(({ name }) => manuals.find(name) ?? []);
      return tools.filter((tool) => hasOneOf(tool, tags)).slice(0, limit);
    },
    async callTool(name, args) {
      const known = manuals.find(name)?.name ?? name;
      return (await sessions.for(MEMORY_MB).callTool(known, args)).value;
    },
    async callToolChain(code, timeout, memoryLimit) {
      const { timeoutMs, memoryMb } = readLimits(timeout, memoryLimit);
      const session = sessions.for(memoryMb);
      const executed = await session.execute(code, { timeoutMs });
      // Each program starts afresh.
      await session.closeGuest(executed.session);
      return toChainResult(executed);
    },
    async getAllToolsTypeScriptInterfaces() {
      return registry
        .bindings()
        .map((server) => serverDeclarations(server).text)
        .join("\n");
    },
    toolToTypeScriptInterface: toInterface,
    getRequiredVariablesForManualAndTools: async (template) =>
      findVariables(template, template.name === undefined ? undefined : manualName(template.name)),
    async getRequiredVariablesForRegisteredTool(name) {
      const tool = manuals.find(name);
      if (!tool) throw new CodemodeError("TOOL_NOT_FOUND", `Tool "${name}" is not registered.`);
      return findVariables(tool.tool_call_template, tool.name.split(".", 1)[0]);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function hasOneOf({ tags }: UtcpTool, wanted: readonly string[]): boolean {
  const own = new Set(tags.map((tag) => tag.toLowerCase()));
  return wanted.length === 0 || wanted.some((tag) => own.has(tag.toLowerCase()));
}

/** One after the other, or both in an object: UTCP's documents write both. */
function readLimits(
  timeout: number | ChainOptions = {},
  memoryLimit?: number,
): { readonly timeoutMs: number; readonly memoryMb: number } {
  const options = typeof timeout === "number" ? { timeout } : timeout;
  const timeoutMs = options.timeout ?? TIMEOUT_MS;
  const memoryMb = memoryLimit ?? options.memoryLimit ?? MEMORY_MB;
  if (!(timeoutMs > 0) || !(memoryMb >= 16)) {
    const message = `A program needs a timeout over 0 ms and at least 16 MiB; it was given ${timeoutMs} and ${memoryMb}.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  return { timeoutMs, memoryMb };
}
