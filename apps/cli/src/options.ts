/** What the command line set; commander has checked the types. */
export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  // run
  readonly code?: readonly string[];
  readonly session?: string;
  readonly sandbox?: string;
  readonly timeout?: number;
  // serve
  readonly http?: boolean;
  readonly host?: string;
  readonly port?: number;
  // auth
  readonly logout?: boolean;
  // tools, search
  readonly server?: string;
  readonly all?: boolean;
  readonly limit?: number;
  // import, install
  readonly dryRun?: boolean;
  readonly project?: boolean;
  // artifacts; skills have `at` and `description` too
  readonly output?: string;
  readonly at?: number;
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
  readonly ttl?: number;
  // generate, schema
  readonly out?: string;
  readonly batch?: boolean;
  readonly profile?: "input" | "output" | "exact";
  // store; it has `type` too
  readonly redis?: string;
  readonly prefix?: string;
  readonly clear?: boolean;
  readonly yes?: boolean;
  // skills
  readonly tag?: readonly string[];
  readonly status?: "draft" | "active" | "archived";
  readonly script?: string;
  readonly servers?: boolean;
  readonly rollBack?: number;
}
