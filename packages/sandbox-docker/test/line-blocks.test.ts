import { array, assert, boolean, nat, property, string, tuple } from "fast-check";
import { expect, test, vi } from "vitest";

import { createLineBlocks } from "../src/container/line-blocks.ts";

interface Taken {
  readonly data: string;
  readonly control: readonly string[];
  readonly overflows: number;
}

function take(chunks: readonly Buffer[], maxLineBytes = 1_000_000): Taken {
  let data = "";
  const control: string[] = [];
  const onOverflow = vi.fn<() => void>();
  const push = createLineBlocks({
    onData: (lines) => (data += lines.toString()),
    onControl: (line) => control.push(line),
    maxLineBytes,
    onOverflow,
  });
  chunks.forEach(push);
  return { data, control, overflows: onOverflow.mock.calls.length };
}

/** Lone surrogates do not survive the encoding. */
function asRead(text: string): string {
  return Buffer.from(text).toString();
}

test("lines come out whole, and those that begin with @ apart, however they are cut", () => {
  const line = string({ unit: "binary" }).map((text) => text.replaceAll(/[\n@]/g, "-"));
  const lines = array(tuple(boolean(), line), { maxLength: 20 });
  assert(
    property(lines, array(nat(200)), (written, cuts) => {
      const text = written.map(([control, body]) => `${control ? "@" : "x"}${body}\n`).join("");
      const bytes = Buffer.from(text);
      const ends = cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b);
      const chunks = [...ends, bytes.length].map((end, index) =>
        bytes.subarray(ends[index - 1] ?? 0, end),
      );

      expect(take(chunks)).toEqual({
        data: written
          .filter(([control]) => !control)
          .map(([, body]) => `x${asRead(body)}\n`)
          .join(""),
        control: written.filter(([control]) => control).map(([, body]) => asRead(body)),
        overflows: 0,
      });
    }),
  );
});

test("a line over the cap ends the reading, once", () => {
  const chunks = ["ok\n", "x".repeat(8), "x".repeat(8), "\nmore\n"].map((text) =>
    Buffer.from(text),
  );

  expect(take(chunks, 10)).toEqual({ data: "ok\n", control: [], overflows: 1 });
});
