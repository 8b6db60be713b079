import { expect, test } from "vitest";

import { createCallQueue } from "../src/call-queue.ts";
import type { CallFrameEntry } from "../src/protocol.ts";

const calls = (count: number, first = 0): readonly CallFrameEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    callId: first + index,
    kind: "t",
    name: "a.b",
    args: {},
    scope: undefined,
  }));

test("calls come out as they went in, however many there were", () => {
  const queue = createCallQueue();
  queue.add({ calls: calls(3_000), length: 3_000 });

  const taken = Array.from({ length: 3_001 }, () => queue.take()?.callId);

  expect(taken.slice(0, 3_000)).toEqual(calls(3_000).map(({ callId }) => callId));
  expect(taken.at(-1)).toBeUndefined();
});

test("one large call has room where nobody waits, and what is too much comes back", () => {
  const queue = createCallQueue();

  expect(queue.add({ calls: calls(1), length: 30_000_000 })).toEqual([]);
  expect(queue.add({ calls: calls(2, 1), length: 200 }).map(({ callId }) => callId)).toEqual([
    1, 2,
  ]);
  queue.take();
  expect(queue.add({ calls: calls(1, 3), length: 100 })).toEqual([]);
  expect(queue.names()).toEqual(["a.b"]);
});

test("over 50,000 waiting calls come back", () => {
  const queue = createCallQueue();

  expect(queue.add({ calls: calls(50_003), length: 50_003 })).toHaveLength(3);
});
