import type { QuestionHandlers, ToolAdapter, ToolListing, ToolResult } from "@codemode/core";
import { CodemodeError, createRedactor, toolResultToValue } from "@codemode/core";

import type { UtcpCallables } from "./direct-call.ts";
import type { ManualContext } from "./manual-context.ts";
import { readTemplate, typeOf } from "./manual-context.ts";
import { createManualSource } from "./manual-source.ts";
import type { PostProcessor } from "./post-process.ts";
import { postProcess } from "./post-process.ts";
import type { ToolSource, UtcpTool } from "./tool-source.ts";
import type { VariableSource } from "./variable-source.ts";
import { createVariableSource } from "./variable-source.ts";
import { createWebClient } from "./web-client.ts";

/** What `createUtcpAdapter` takes: one manual. */
export interface UtcpAdapterOptions extends QuestionHandlers {
  /** The manual's call template, with its variables as they stand in the file. Its `name` is the server's. */
  readonly template: Readonly<Record<string, unknown>> & { readonly name: string };
  /** Default: the process's variables. */
  readonly variables?: VariableSource;
  /** Where relative paths start. Default: the process's folder. */
  readonly folder?: string;
  /** What is done to the values of tools. Default: nothing. */
  readonly postProcessing?: readonly PostProcessor[];
  /** Functions that `direct-call` templates name in `callable_name`. Default: none. */
  readonly callables?: UtcpCallables;
  /** Added to the variables of every process. */
  readonly identity?: Readonly<Record<string, string>>;
  /** For a call, and for loading the manual, where the template names none. Default 30 000. */
  readonly timeoutMs?: number;
  /** Of one answer, decompressed. Default 16 MiB. */
  readonly maxResponseBytes?: number;
  /** Further values that no message may show. */
  readonly secrets?: readonly string[];
}

/** A manual as a server. */
export interface UtcpAdapter extends ToolAdapter {
  /** The call template of each tool that was listed, by the tool's own name. */
  readonly templates: ReadonlyMap<string, unknown>;
}

const TIMEOUT_MS = 30_000;
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** The tools of a UTCP manual. It is read at the first use and with every listing. */
export function createUtcpAdapter(options: UtcpAdapterOptions): UtcpAdapter {
  const { template, postProcessing = [] } = options;
  const manual = manualName(template.name);
  const context = createContext(manual, options);
  let source: ToolSource | undefined;
  let tools: ReadonlyMap<string, UtcpTool> | undefined;
  let isClosed = false;
  const load = async (signal: AbortSignal): Promise<ToolListing> => {
    if (isClosed) throw new CodemodeError("SERVER_UNAVAILABLE", `Manual "${manual}" is closed.`);
    source ??= createManualSource(readTemplate(template, context), context);
    const listing = await source.listTools({ signal });
    tools = new Map(listing.tools.map((tool) => [tool.definition.name, tool]));
    const diagnostics = listing.diagnostics.map(({ code, message }) => ({
      code,
      message: context.redactor.mask(message),
    }));
    const definitions = listing.tools.map(({ definition }) =>
      postProcessing.length > 0 ? withoutOutput(definition) : definition,
    );
    return { tools: definitions, diagnostics };
  };
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw context.redactor.clean(error);
    }
  };
  return {
    name: manual,
    transport: `utcp ${typeOf(template)}`.trim(),
    get templates() {
      return new Map([...(tools ?? [])].map(([name, tool]) => [name, tool.template]));
    },
    listTools: ({ signal }) => guarded(() => load(signal)),
    callTool: (call, callOptions) =>
      guarded(async () => {
        if (!tools) await load(callOptions.signal);
        const tool = tools?.get(call.tool.slice(manual.length + 1));
        if (!tool) {
          const message = `Tool "${call.tool}" not found.`;
          throw new CodemodeError("TOOL_NOT_FOUND", message, { tool: call.tool });
        }
        const answer = await tool.callTool(call, callOptions);
        const result = context.credentials.maskValue(answer);
        return processed(result, { processors: postProcessing, manual, tool });
      }),
    check: ({ signal }) => guarded(async () => void (await load(signal))),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await source?.[Symbol.asyncDispose]();
      await context.client[Symbol.asyncDispose]();
    },
  };
}

/** The name of a manual, as variables and tools carry it: whatever is no letter, digit or `_` becomes `_`. */
export function manualName(name: string): string {
  return name.replaceAll(/\W/g, "_");
}

function createContext(manual: string, options: UtcpAdapterOptions): ManualContext {
  const {
    variables = createVariableSource(),
    folder = process.cwd(),
    identity = {},
    callables = {},
    timeoutMs = TIMEOUT_MS,
    maxResponseBytes: maxBytes = MAX_RESPONSE_BYTES,
    secrets = [],
    onElicit,
    onSample,
  } = options;
  const redactor = createRedactor(secrets);
  const handlers = { ...(onElicit ? { onElicit } : {}), ...(onSample ? { onSample } : {}) };
  const credentials = createRedactor([]);
  const onToken = (token: string): void => {
    redactor.add([token]);
    credentials.add([token]);
  };
  const client = createWebClient({ manual, onToken, timeoutMs, maxBytes });
  const told = { redactor, credentials };
  const shared = { manual, variables, folder, identity, timeoutMs, ...told, client, handlers };
  return { ...shared, callables, secrets: new Set(secrets) };
}

/** What comes out of a processor is not what the manual promised. */
function withoutOutput<Definition extends { readonly outputSchema?: unknown }>(
  definition: Definition,
): Omit<Definition, "outputSchema"> {
  const { outputSchema: _promised, ...rest } = definition;
  return rest;
}

interface Processing {
  readonly processors: readonly PostProcessor[];
  readonly manual: string;
  readonly tool: UtcpTool;
}

function processed(
  result: ToolResult,
  { processors, manual, tool: { definition } }: Processing,
): ToolResult {
  if (processors.length === 0 || result.isError === true) return result;
  const value = toolResultToValue(result, definition);
  const names = { tool: definition.canonicalName, manual };
  return { content: [], structuredContent: postProcess(value, processors, names) };
}
