import { expect, test } from "vitest";

import { startProgram } from "./start-program.ts";

/** The numbers of the calls in these frames. */
function callIds(frames: readonly string[]): readonly number[] {
  return frames
    .filter((frame) => frame.startsWith("C"))
    .flatMap((frame) => [...frame.matchAll(/\[(\d+),"t",/g)].map(([, id]) => Number(id)));
}

test("5,000 calls are on their way at a time; an answer lets the next one go", async () => {
  const { frames, receive } = startProgram(
    "await Promise.all(Array.from({ length: 5_010 }, () => tools.call('a.b', {})))",
  );
  await Promise.resolve();
  const sent = callIds(frames);
  receive("R[[1,1,null],[2,1,null]]");
  await Promise.resolve();

  expect(sent).toEqual(Array.from({ length: 5_000 }, (_, n) => n + 1));
  expect(callIds(frames).slice(5_000)).toEqual([5_001, 5_002]);
});

test("a large call goes alone, and those behind it go in order", async () => {
  const { frames, receive } = startProgram(
    "await Promise.all([7e6, 7e6, 1, 1].map((length) => tools.call('a.b', { text: 'x'.repeat(length) })))",
  );
  await Promise.resolve();
  const first = callIds(frames);
  receive("R[[1,1,null]]");
  await Promise.resolve();

  expect(first).toEqual([1]);
  expect(callIds(frames)).toEqual([1, 2, 3, 4]);
});

test("calls behind 50,000 that wait are refused in the program", async () => {
  const { frames } = startProgram(
    "const all = Array.from({ length: 55_001 }, () => tools.call('a.b', {})); return await all.at(-1)",
  );
  await new Promise((resolve) => setImmediate(resolve));

  expect(callIds(frames)).toHaveLength(5_000);
  expect(frames.find((frame) => frame.startsWith("V"))).toContain('"code":"TOOL_LIMIT"');
});
