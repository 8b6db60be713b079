/** What every program has beside its servers, skills and helpers, as an editor sees it. */
export const GUEST_DECLARATIONS = `interface ToolMatch {
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
  readonly deferred: boolean;
  readonly score: number;
}

interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly signature: string;
  readonly declaration: string;
  readonly imports: readonly string[];
  readonly inputSchema: object | boolean;
  readonly outputSchema?: object | boolean;
}

interface CatalogTools {
  /** Calls a tool by its original name: "server.tool". */
  call(name: string, args?: object): Promise<any>;
  /** The same, with the whole answer instead of its value. */
  raw(name: string, args?: object): Promise<any>;
  search(query: string | readonly string[], options?: { server?: string; limit?: number }): Promise<{ matches: ToolMatch[]; total: number; hint?: string }>;
  list(options?: { server?: string; keywords?: readonly string[]; limit?: number; includeDeferred?: boolean }): Promise<string[]>;
  describe(name: string): Promise<ToolDescription>;
}

interface ArtifactEntry {
  readonly name: string;
  readonly version: number;
  readonly size: number;
  readonly kind: "text" | "json" | "bytes";
  readonly contentType: string;
  readonly description: string;
  readonly metadata: object;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt?: string;
  readonly digest: string;
}

/** Data that outlives the session. */
declare const artifacts: {
  save(name: string, data: unknown, options?: { description?: string; metadata?: object; contentType?: string; ttlSeconds?: number; ifVersion?: number }): Promise<ArtifactEntry>;
  load(name: string, options?: { version?: number; start?: number; end?: number; as?: "bytes" }): Promise<any>;
  list(options?: { prefix?: string; limit?: number; after?: string }): Promise<ArtifactEntry[] & { readonly next?: string }>;
  get(name: string, options?: { version?: number }): Promise<ArtifactEntry | null>;
  exists(name: string): Promise<boolean>;
  delete(name: string): Promise<boolean>;
  search(query: string, options?: { limit?: number }): Promise<any>;
  versions(name: string): Promise<ArtifactEntry[]>;
};

/** npm packages that a program installs, where the config allows it. */
declare const deps: {
  add(spec: string): Promise<{ name: string; version: string }>;
  list(): Promise<{ name: string; version: string }[]>;
  remove(name: string): Promise<boolean>;
  sync(): Promise<{ name: string; version: string }[]>;
};

/** All tools' declarations as text. */
declare const __interfaces: string;
declare function __getToolInterface(name: string): string | null;
declare function __get_tool_interface(name: string): string | null;
`;
