import type { Diagnostic, ToolCaller, ToolDefinition } from "@codemode/core";

/** A tool of a manual, and what calls it. */
export interface UtcpTool {
  readonly definition: ToolDefinition;
  /** Its call template before variables are filled in; what has a value there may be secret afterwards. */
  readonly template: unknown;
  readonly callTool: ToolCaller;
}

/** Where the tools of one manual come from. */
export interface ToolSource extends AsyncDisposable {
  /** Rejects with a `CodemodeError` that names the manual. */
  listTools(options: { readonly signal: AbortSignal }): Promise<{
    readonly tools: readonly UtcpTool[];
    readonly diagnostics: readonly Diagnostic[];
  }>;
}
