import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

import { afterAll, beforeAll } from "vitest";

/** A service on loopback that tells what it was asked, and what became of it. */
export interface WebService {
  readonly base: string;
  /** Every URL, in order. */
  readonly seen: string[];
  /** The latest URL with its credentials. */
  readonly heard: readonly unknown[];
}

/** Starts it for the tests of a file. */
export function setUpWebService(): WebService {
  const service = { base: "", seen: new Array<string>(), heard: new Array<unknown>() };
  const server = createServer((request, response) => void answer(service, request, response));
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    service.base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return service;
}

/** Tells what it was asked, or does what the path says. */
async function answer(
  service: { seen: string[]; heard: unknown[] },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url = "", headers } = request;
  service.seen.push(url);
  service.heard = [url, headers.authorization, headers["x-key"]];
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const [, kind = "", rest = ""] = /^\/([^/?]*)\/?(.*)$/.exec(url) ?? [];
  const json = (value: unknown, status = 200): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (kind === "status")
    json({ message: `no \u001b[31m${headers.authorization ?? ""}` }, Number(rest));
  else if (kind === "redirect")
    response.writeHead(302, { location: decodeURIComponent(rest) }).end();
  else if (kind === "busy") response.writeHead(429, { "retry-after": "3" }).end("slow down");
  else if (kind === "cut") {
    response.writeHead(200, { "content-length": "99" });
    response.write("{", () => response.destroy());
  } else if (kind === "garbled")
    response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip at all");
  else if (kind === "loop") response.writeHead(302, { location: "/loop" }).end();
  else if (kind === "large") response.end("x".repeat(100_000));
  else if (kind === "bomb") {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(Buffer.alloc(5_000_000)));
  } else if (kind === "text") response.end('{"not": "parsed"}');
  else if (kind === "broken")
    response.writeHead(200, { "content-type": "application/json" }).end(`{ ${rest}`);
  else if (kind === "empty") response.writeHead(204).end();
  else if (kind === "latin") {
    response.setHeader("content-type", "text/plain; charset=iso-8859-1");
    response.end(Buffer.from([0x68, 0xe9]));
  } else if (kind === "wait") setTimeout(() => json({}), 10_000).unref();
  else json({ method, url, headers, body });
}
