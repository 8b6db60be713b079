import type { AdapterSkills } from "./adapter-skills.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { ToolCaller } from "./tool-caller.ts";
import type { ToolDefinition } from "./tool.ts";

/** What listing an adapter's tools gave: the tools, and what had to be left out and why. */
export interface ToolListing {
  readonly tools: readonly ToolDefinition[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Where the tools of one server come from. `createMcpAdapter` and `createFunctionAdapter` make one. */
export interface ToolAdapter extends AsyncDisposable {
  /** The server's name: the part of a canonical name before the dot. Unique in a registry. */
  readonly name: string;
  /** One line for people and models, where the source gives one. */
  readonly description?: string;
  /** How the server is reached, for people: `stdio`, `http`, `sse`, `functions`, ... */
  readonly transport: string;
  /** The revision of its protocol, where it has one and is connected: `2025-11-25`. */
  readonly protocol?: string | undefined;
  /** Connects if need be and lists all tools. Rejects with a `CodemodeError` that names the server. */
  listTools(options: { readonly signal: AbortSignal }): Promise<ToolListing>;
  /** Runs one tool. Rejects with a `CodemodeError` where no answer came. */
  readonly callTool: ToolCaller;
  /** Cheap sign of life. Rejects like `listTools`. */
  check(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Calls `listener` when the server says that its tools changed. Returns how to stop. */
  onToolsChanged?(listener: () => void): () => void;
  /** Skills the server has beside its tools. Absent where its protocol knows none. */
  readonly skills?: AdapterSkills;
}
