import { expect, test } from "vitest";

import { startProgram } from "./start-program.ts";

/** What the guest asks for with a frame. */
function wakeOf(frame = ""): Readonly<Record<string, number>> {
  const body: unknown = JSON.parse(frame.slice(1));
  return Object.fromEntries(
    Object.entries(body ?? {}).filter(([, value]) => typeof value === "number"),
  );
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("the host hears of the first timer alone, and of an earlier one", async () => {
  const { frames } = startProgram(
    "for (const ms of [50, 60, 50, 20, 30]) setTimeout(() => {}, ms); for (let n = 0; n < 5_000; n++) setInterval(() => {}, 100); await new Promise(() => {})",
  );
  await pause(0);

  const asked = frames.filter((frame) => frame.startsWith("S")).map(wakeOf);
  expect(asked).toMatchObject([
    { wake: 1, times: 1 },
    { wake: 2, times: 1 },
  ]);
  expect(asked[0]?.["ms"]).toBeGreaterThan(40);
  expect(asked[1]?.["ms"]).toBeLessThan(21);
});

test("each wake fires one timer; those that are due together are asked for at once", async () => {
  const { frames, receive } = startProgram(
    "for (const name of 'xyz') setTimeout(() => { console.log('ran', name); Promise.resolve().then(() => console.log('after', name)) }, 1); await new Promise((done) => setTimeout(done, 10_000))",
  );
  await pause(10);
  for (const wake of ["T1", "T2", "T2"]) {
    receive(wake);
    // oxlint-disable-next-line no-await-in-loop -- what the callback queued runs in between
    await pause(0);
  }
  receive('A{"id":"1","code":"CANCELLED","message":"enough"}');

  const asked = frames.filter((frame) => frame.startsWith("S")).map(wakeOf);
  expect(asked).toMatchObject([
    { wake: 1, times: 1 },
    { wake: 2, ms: 0, times: 2 },
    { wake: 3, times: 1 },
  ]);
  const logged = frames.join("").match(/(ran|after) [xyz]/g);
  expect(logged).toEqual(["ran x", "after x", "ran y", "after y", "ran z", "after z"]);
});

test("a wake that was not asked for, or comes too late, fires nothing", async () => {
  const { frames, receive } = startProgram(
    "setTimeout(() => console.log('fired'), 5_000); setTimeout(() => {}, 4_000); await new Promise(() => {})",
  );
  await pause(0);
  receive("T1");
  receive("T7");
  receive('A{"id":"1","code":"CANCELLED","message":"enough"}');

  expect(frames.join("")).not.toContain("fired");
});
