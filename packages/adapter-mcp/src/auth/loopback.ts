import { timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

import { CodemodeError } from "@codemode/core";

/** Waits on this machine for the browser to come back. */
export interface Loopback extends AsyncDisposable {
  readonly redirectUrl: string;
  /** The parameters that the browser brought. */
  readonly answered: Promise<URLSearchParams>;
}

const PAGE =
  "<!doctype html><meta charset=utf-8><title>codemode</title><p>You can close this window and go back to the terminal.";

/** Listens on a port of its own, on this machine only. Whoever does not know `state` is not heard. */
export async function listenForCallback(state: string, port = 0): Promise<Loopback> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const isCallback = request.method === "GET" && pathname === "/callback";
    if (!isCallback || !isSame(searchParams.get("state") ?? "", state)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": "text/html",
      "content-security-policy": "default-src 'none'",
      connection: "close",
    });
    response.end(PAGE, () => resolve(searchParams));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", (cause) => failed(portError(port, cause)));
    server.listen(port, "127.0.0.1", listening);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    redirectUrl: `http://127.0.0.1:${bound}/callback`,
    answered: promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

function portError(port: number, cause: Error): CodemodeError {
  const message = `The login cannot listen on port ${port} of this machine. Free it, or take "redirect_port" away.`;
  return new CodemodeError("CONFIG_INVALID", message, { cause });
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
