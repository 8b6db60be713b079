import type { McpServerOptions } from "./mcp-server.ts";
import type { McpHttpOptions } from "./serve-http.ts";
import { serveMcpStdio } from "./serve-stdio.ts";

/** What a command that serves needs. */
export interface ServeMcpOptions extends McpServerOptions {
  /** Over HTTP. Default: on standard input and output. */
  readonly http?: Omit<McpHttpOptions, keyof McpServerOptions>;
  /** What running calls get to finish after a signal, milliseconds. */
  readonly graceMs: number;
  /** Told where an HTTP server listens. */
  readonly onListening?: (url: string) => void;
}

/** Serves until the client has gone, or SIGINT or SIGTERM comes; then running calls get their grace. */
export async function serveMcp({
  http,
  graceMs,
  onListening,
  ...options
}: ServeMcpOptions): Promise<void> {
  const server = http
    ? await overHttp({ ...options, ...http }, onListening)
    : serveMcpStdio(options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void server.drain(graceMs));
  }
  await server.closed;
}

/** Loaded only where it is wanted. */
async function overHttp(
  options: McpHttpOptions,
  onListening: ServeMcpOptions["onListening"],
): Promise<Pick<ReturnType<typeof serveMcpStdio>, "closed" | "drain">> {
  const { serveMcpHttp } = await import("./serve-http.ts");
  const server = await serveMcpHttp(options);
  onListening?.(server.url);
  return server;
}
