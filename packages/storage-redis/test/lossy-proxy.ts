import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";

/** A way to a server on which an answer can be lost. */
export interface LossyProxy extends AsyncDisposable {
  readonly url: string;
  /** Carries on the next command that has this text in it, and cuts the line before its answer. */
  loseAnswerTo(text: string): void;
  /** How many were lost. */
  readonly lost: number;
}

/** Leads to a port of this machine. */
export async function startLossyProxy(port: number): Promise<LossyProxy> {
  let losing: string | undefined;
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    let isCut = false;
    let before = "";
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (data) => {
      // The text may have come in two parts.
      before = (before + data.toString("latin1")).slice(-data.byteLength - 1000);
      if (losing !== undefined && before.includes(losing)) {
        losing = undefined;
        isCut = true;
        lost += 1;
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      // It was carried out; nobody hears of it.
      if (isCut) client.destroy();
      else client.write(data);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return {
    url: `redis://127.0.0.1:${address.port}`,
    loseAnswerTo(text) {
      losing = text;
    },
    get lost() {
      return lost;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
