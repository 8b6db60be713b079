import { z } from "zod";

const names = z.array(z.string().min(1));

/** Where `codemode serve --http` listens, and to whom. */
export const httpSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .describe("Address to listen on; any but this machine's own wants a `token`"),
    port: z.int().min(0).max(65_535).default(8_000).describe("Port; 0 is any that is free"),
    path: z.string().startsWith("/").default("/mcp").describe("Path of the endpoint"),
    token: z
      .string()
      .min(16)
      .optional()
      .describe("What clients send as `Authorization: Bearer`, best as `${VAR}`. Default: none"),
    allowed_hosts: names
      .default([])
      .describe("Names that the `Host` header may have besides this machine's own"),
    allowed_origins: names
      .optional()
      .describe("Names of web pages that may call the server. Default: this machine's own"),
    allow_unsafe_sandbox: z
      .boolean()
      .default(false)
      .describe(
        "Whether a sandbox that is no security boundary (`local-eval`) is served over HTTP",
      ),
  })
  .describe("The MCP server over HTTP");

/** What `serveMcpHttp` of `@codemode/toolset/mcp` takes. */
export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token?: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins?: readonly string[];
  readonly allowUnsafeSandbox: boolean;
}

/** The `http` section as options; what the command line says wins. */
export function toHttpOptions(
  http: z.output<typeof httpSchema>,
  given: { readonly host?: string | undefined; readonly port?: number | undefined } = {},
): HttpOptions {
  const { token, allowed_hosts, allowed_origins, allow_unsafe_sandbox } = http;
  return {
    host: given.host ?? http.host,
    port: given.port ?? http.port,
    path: http.path,
    ...(token === undefined ? {} : { token }),
    allowedHosts: allowed_hosts,
    ...(allowed_origins === undefined ? {} : { allowedOrigins: allowed_origins }),
    allowUnsafeSandbox: allow_unsafe_sandbox,
  };
}
