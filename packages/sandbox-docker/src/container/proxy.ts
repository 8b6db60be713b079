import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import type { Duplex } from "node:stream";

import type { Tunnels } from "./tunnels.ts";
import { join } from "./tunnels.ts";

/** Where programs find the proxy: in the container's own network, which has nothing else. */
export const PROXY_URL = "http://127.0.0.1:3128";

/** A proxy for HTTP and, by CONNECT, for all that runs over it. Whether a target is allowed says the host. */
export function startProxy({ open }: Tunnels): void {
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, open).catch((error: unknown) => refuse(outgoing, error));
  });
  server.on("connect", ({ url = "" }: IncomingMessage, client: Duplex) => {
    client.on("error", () => client.destroy());
    void answerConnect(client, open(url));
  });
  server.on("error", () => undefined);
  server.listen(Number(new URL(PROXY_URL).port), "127.0.0.1");
}

async function answerConnect(client: Duplex, opened: Promise<Duplex>): Promise<void> {
  try {
    const tunnel = await opened;
    client.write("HTTP/1.1 200 Connected\r\n\r\n");
    join(client, tunnel);
  } catch (error) {
    const reason = reasonOf(error);
    client.end(
      `HTTP/1.1 403 ${reason}\r\nContent-Type: text/plain\r\nContent-Length: ${reason.length}\r\n\r\n${reason}`,
    );
  }
}

/** A request for `http://` comes whole, with the target in its first line. */
async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  open: Tunnels["open"],
): Promise<void> {
  const url = new URL(incoming.url ?? "");
  const tunnel = await open(`${url.hostname}:${url.port || "80"}`);
  const { "proxy-connection": _own, ...headers } = incoming.headers;
  const sent = request(
    {
      createConnection: () => tunnel,
      method: incoming.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, connection: "close" },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  sent.on("error", (error) => refuse(outgoing, error));
  outgoing.on("close", () => tunnel.destroy());
  incoming.pipe(sent);
}

function refuse(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(403, { "Content-Type": "text/plain" }).end(reasonOf(error));
}

/** One line of plain letters: it becomes a header. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : "refused";
  return message.replaceAll(/[^ -~]/g, "?").slice(0, 300);
}
