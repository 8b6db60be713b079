// Connections of programs, carried in lines between supervisor and host. Both ends are alike: a
// letter for what happens, the connection's number, and what belongs to it.
//   o host:port   open it          y   it is open       n reason   it is not
//   d base64      bytes            a   so many bytes were taken     e   no more bytes     c   it is over
import { Duplex } from "node:stream";

/** One end of all connections of a container. */
export interface Tunnels {
  /** Asks the other end for a connection. Rejects with its reason. */
  readonly open: (target: string) => Promise<Duplex>;
  /** Takes a line of the other end. `false`: no intact one sends it. */
  receive(line: string): boolean;
  /** Ends all of them. */
  close(): void;
}

/** What an end needs. */
export interface TunnelsOptions {
  readonly send: (line: string) => void;
  /** Makes the connection that the other end wants; what it throws is told there. Default: none is made. */
  readonly connect?: (target: string) => Promise<Duplex>;
}

interface Tunnel {
  readonly stream: Duplex;
  receive(letter: string, body: string): boolean;
}

const MAX_TUNNELS = 32;
// What may be on its way before the other end has taken it.
const WINDOW_BYTES = 256 * 1024;
const PIECE_BYTES = 48 * 1024;
const LINE = /^([oyndaec])(\d{1,9})(?: (.*))?$/s;

/** Connections by number, each with a window of its own: a slow reader stops its writer alone. */
export function createTunnels({ send, connect }: TunnelsOptions): Tunnels {
  const tunnels = new Map<number, Tunnel>();
  const opening = new Map<number, PromiseWithResolvers<Duplex>>();
  let last = 0;

  const add = (id: number): Duplex => {
    const tunnel = createTunnel((letter, body) => send(`${letter}${id}${body}`), {
      onGone: () => tunnels.delete(id),
    });
    tunnels.set(id, tunnel);
    return tunnel.stream;
  };
  const accept = async (id: number, target: string): Promise<void> => {
    try {
      if (!connect) throw new Error("connections are made from inside only");
      const own = await connect(target);
      send(`y${id}`);
      join(own, add(id));
    } catch (error) {
      send(`n${id} ${error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : ""}`);
    }
  };
  const settle = (id: number, reason: string | undefined): boolean => {
    const asked = opening.get(id);
    opening.delete(id);
    if (reason === undefined) asked?.resolve(add(id));
    else asked?.reject(new Error(reason));
    return asked !== undefined;
  };
  let accepting = 0;
  const onOpen = (id: number, target: string): boolean => {
    if (tunnels.has(id)) return false;
    if (tunnels.size + accepting >= MAX_TUNNELS) send(`n${id} too many connections at once`);
    else {
      accepting += 1;
      void accept(id, target).finally(() => (accepting -= 1));
    }
    return true;
  };
  return {
    open(target) {
      last += 1;
      const asked = Promise.withResolvers<Duplex>();
      opening.set(last, asked);
      send(`o${last} ${target}`);
      return asked.promise;
    },
    receive(line) {
      const [, letter = "", digits, body = ""] = LINE.exec(line) ?? [];
      const id = Number(digits);
      if (letter === "o") return onOpen(id, body);
      if (letter === "y") return settle(id, undefined);
      if (letter === "n") return settle(id, body);
      // What was on its way to a connection that is over belongs to nobody.
      return letter !== "" && (tunnels.get(id)?.receive(letter, body) ?? true);
    },
    close() {
      for (const { stream } of tunnels.values()) stream.destroy();
      for (const id of opening.keys()) settle(id, "the host is gone");
    },
  };
}

function createTunnel(
  send: (letter: string, body: string) => void,
  { onGone }: { readonly onGone: () => void },
): Tunnel {
  let sent = 0;
  let received = 0;
  let waiting: (() => void) | undefined;
  let over = false;
  /** As much as the window takes, the rest when it opens. */
  const write = (chunk: Buffer, done: () => void): void => {
    let start = 0;
    for (; start < chunk.length && sent < WINDOW_BYTES; start += PIECE_BYTES) {
      const piece = chunk.subarray(start, start + PIECE_BYTES);
      send("d", ` ${piece.toString("base64")}`);
      sent += piece.length;
    }
    if (start >= chunk.length) done();
    else waiting = () => write(chunk.subarray(start), done);
  };
  const stream = new Duplex({
    write: (chunk: Buffer, _encoding, done) => write(chunk, done),
    final(done) {
      send("e", "");
      done();
    },
    read() {
      if (received > 0) send("a", ` ${received}`);
      received = 0;
    },
    destroy(error, done) {
      if (!over) send("c", "");
      over = true;
      onGone();
      done(error);
    },
  });
  const take = (bytes: Buffer): boolean => {
    received += bytes.length;
    // An intact end waits.
    if (received > WINDOW_BYTES + PIECE_BYTES) return false;
    stream.push(bytes);
    return true;
  };
  return {
    stream,
    receive(letter, body) {
      if (letter === "d") return take(Buffer.from(body, "base64"));
      if (letter === "a") {
        sent = Math.max(0, sent - Number(body));
        const go = sent < WINDOW_BYTES ? waiting : undefined;
        if (go) waiting = undefined;
        go?.();
      } else if (letter === "e") stream.push(null);
      else {
        over = true;
        stream.destroy();
      }
      return true;
    },
  };
}

/** Joins two streams both ways; the end of the one is the end of the other. */
export function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}
