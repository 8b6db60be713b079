import { array, assert, constantFrom, integer, property, string, tuple } from "fast-check";
import { expect, test, vi } from "vitest";

import { createDemultiplexer } from "../src/demultiplexer.ts";

function frame(stream: number, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function demultiplex(bytes: Buffer, size: number): { output: string; broken: number } {
  const parts: Buffer[] = [];
  const onBroken = vi.fn<() => void>();
  const push = createDemultiplexer({ onOutput: (part) => parts.push(part), onBroken });
  for (let start = 0; start < bytes.length; start += size)
    push(bytes.subarray(start, start + size));
  return { output: Buffer.concat(parts).toString(), broken: onBroken.mock.calls.length };
}

test("standard output comes out as it went in, whatever the chunks", () => {
  const frames = array(tuple(constantFrom(1, 2), string({ unit: "binary" })));
  assert(
    property(frames, integer({ min: 1, max: 64 }), (sent, size) => {
      const bytes = Buffer.concat(sent.map(([stream, text]) => frame(stream, text)));
      const output = Buffer.concat(
        sent.filter(([stream]) => stream === 1).map(([, text]) => Buffer.from(text)),
      );

      expect(demultiplex(bytes, size)).toEqual({ output: output.toString(), broken: 0 });
    }),
  );
});

test("many tiny frames in one chunk need no stack", () => {
  const bytes = Buffer.concat(Array.from({ length: 20_000 }, () => frame(1, "x")));

  expect(demultiplex(bytes, bytes.length)).toEqual({ output: "x".repeat(20_000), broken: 0 });
});

test("what is no frame ends the reading and never throws", () => {
  const bytes = Buffer.concat([frame(1, "ok"), Buffer.from("HTTP/1.1 500 no\r\n\r\n")]);

  expect(demultiplex(bytes, 5)).toEqual({ output: "ok", broken: 1 });
});
