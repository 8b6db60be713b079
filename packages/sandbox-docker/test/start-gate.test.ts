import { expect, test } from "vitest";

import { createGate } from "../src/start-gate.ts";

test("a few go through at a time, in order, and one that fails makes room too", async () => {
  const gate = createGate(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const all = ends.map(({ promise }, index) =>
    gate(() => {
      begun.push(index);
      return promise;
    }),
  );
  const seen = [[...begun]];

  ends[0]?.reject(new Error("failed"));
  await expect(all[0]).rejects.toThrow("failed");
  seen.push([...begun]);
  for (const [index, { resolve }] of ends.entries()) resolve(index);

  expect(await Promise.all(all.slice(1))).toEqual([1, 2, 3]);
  expect([...seen, begun]).toEqual([
    [0, 1],
    [0, 1, 2],
    [0, 1, 2, 3],
  ]);
});
