import type { UtcpCallables } from "@codemode/adapter-utcp";
import type { JsonObject, JsonValue } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";

import type { ChainResult } from "./chain-result.ts";
import type { UtcpTool } from "./utcp-tool.ts";

/** A manual's call template, as UTCP writes it. Without a name it gets one. */
export type ManualTemplate = Readonly<Record<string, unknown>> & { readonly name?: string };

/** What came of registering a manual. */
export interface RegisterManualResult {
  readonly manualCallTemplate: ManualTemplate;
  readonly manual: { readonly tools: readonly UtcpTool[] };
  readonly success: boolean;
  /** Why there are no tools, or not all of them. */
  readonly errors: readonly string[];
}

/** What one program may use. */
export interface ChainOptions {
  /** Milliseconds. Default 30 000. */
  readonly timeout?: number;
  /** MiB. Default 128. */
  readonly memoryLimit?: number;
}

/** What a client is made with, beside UTCP's own configuration. */
export interface ClientOptions {
  /** Where programs run; not disposed with the client. Default: isolated-vm. */
  readonly sandbox?: Sandbox;
  /** Default: the process's variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Functions that `direct-call` templates name in `callable_name`. Default: none. */
  readonly callables?: UtcpCallables;
}

/** Manuals, and programs that call their tools. */
export interface CodeModeUtcpClient extends AsyncDisposable {
  /** What came of the manuals of the configuration. */
  readonly registered: readonly RegisterManualResult[];
  /** Rejects with `SERVER_DUPLICATE` for a name that is taken. A manual that cannot be had is no `success`. */
  registerManual(template: ManualTemplate): Promise<RegisterManualResult>;
  /** Never rejects for one manual's sake. */
  registerManuals(templates: readonly ManualTemplate[]): Promise<readonly RegisterManualResult[]>;
  /** Tells whether there was one. */
  deregisterManual(name: string): Promise<boolean>;
  getTool(name: string): Promise<UtcpTool | undefined>;
  getTools(): Promise<readonly UtcpTool[]>;
  /** Best first; at most `limit`, which is 10 by default. */
  searchTools(
    query: string,
    limit?: number,
    anyOfTagsRequired?: readonly string[],
  ): Promise<readonly UtcpTool[]>;
  /** One tool, without a program. Rejects with a `CodemodeError`. */
  callTool(name: string, args: JsonObject): Promise<JsonValue>;
  /** Runs a program, which calls tools as `await manual.tool({ ... })`. What goes wrong in it comes back in the result. */
  callToolChain(
    code: string,
    timeout?: number | ChainOptions,
    memoryLimit?: number,
  ): Promise<ChainResult>;
  getAllToolsTypeScriptInterfaces(): Promise<string>;
  toolToTypeScriptInterface(tool: UtcpTool): string;
  /** By the names under which they are set. */
  getRequiredVariablesForManualAndTools(template: ManualTemplate): Promise<readonly string[]>;
  getRequiredVariablesForRegisteredTool(name: string): Promise<readonly string[]>;
  close(): Promise<void>;
}
