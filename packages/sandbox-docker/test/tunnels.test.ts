import { once } from "node:events";
import { Duplex, PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import type { Tunnels } from "../src/container/tunnels.ts";
import { createTunnels } from "../src/container/tunnels.ts";

/** Two ends with a line between them, and how many bytes were on their way at most. */
function createPair(connect: (target: string) => Promise<Duplex>): {
  readonly inside: Tunnels;
  readonly outside: Tunnels;
  readonly lines: readonly string[];
} {
  const lines: string[] = [];
  const inside: Tunnels = createTunnels({
    send: (line) => {
      lines.push(line);
      setImmediate(() => outside.receive(line));
    },
  });
  const outside: Tunnels = createTunnels({
    send: (line) => void setImmediate(() => inside.receive(line)),
    connect,
  });
  return { inside, outside, lines };
}

const echo = (): Promise<Duplex> => Promise.resolve(new PassThrough());

test("bytes go both ways, in order, and the end comes back", async () => {
  const { inside } = createPair(echo);
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));

  const stream = await inside.open("a:1");
  stream.end(sent);
  const received = await buffer(stream);

  expect(received.equals(sent)).toBe(true);
});

test("connections do not mix", async () => {
  const { inside } = createPair(echo);

  const streams = await Promise.all([1, 2, 3].map((port) => inside.open(`a:${port}`)));
  streams.forEach((stream, index) => stream.end(`text ${index}`));
  const texts = await Promise.all(streams.map(async (stream) => String(await buffer(stream))));

  expect(texts).toEqual(["text 0", "text 1", "text 2"]);
});

test("a reader that does not read stops its writer", async () => {
  const stuck = new Duplex({ read: () => undefined, write: () => undefined });
  const { inside, lines } = createPair(() => Promise.resolve(stuck));

  const stream = await inside.open("a:1");
  const piece = Buffer.alloc(16_384);
  for (let count = 0; count < 200; count += 1) stream.write(piece);
  await new Promise((resolve) => setTimeout(resolve, 50));

  const sent = lines.filter((line) => line.startsWith("d")).length;
  // The window, and what the streams on the way hold themselves.
  expect(sent).toBeLessThan(40);
});

test("what the other end refuses is told with its reason", async () => {
  const { inside } = createPair(() => Promise.reject(new Error("not\nallowed")));

  await expect(inside.open("a:1")).rejects.toThrow("not allowed");
});

test("no more than 32 at once", async () => {
  const { inside } = createPair(echo);

  await Promise.all(Array.from({ length: 32 }, () => inside.open("a:1")));

  await expect(inside.open("a:1")).rejects.toThrow("too many connections");
});

test("the end of one side is the end of the other", async () => {
  const target = new PassThrough();
  const { inside } = createPair(() => Promise.resolve(target));

  const stream = await inside.open("a:1");
  stream.destroy();
  await once(target, "close");

  expect(target.destroyed).toBe(true);
});

test.each(["", "x1", "d", "dx 1", "y9", "n9 no", "o1"])(
  "%j is no line of an intact end",
  (line) => {
    const tunnels = createTunnels({ send: () => undefined });

    expect(tunnels.receive(line)).toBe(line === "o1");
  },
);

test("one that sends more than was taken is no intact end", async () => {
  const target = new Duplex({ read: () => undefined, write: () => undefined });
  const tunnels = createTunnels({
    send: () => undefined,
    connect: () => Promise.resolve(target),
  });
  tunnels.receive("o1 a:1");
  await new Promise(setImmediate);
  const piece = `d1 ${Buffer.alloc(48_000).toString("base64")}`;

  const taken = Array.from({ length: 60 }, () => tunnels.receive(piece));

  expect(taken[0]).toBe(true);
  expect(taken.at(-1)).toBe(false);
});
