import { createToolRegistry } from "@codemode/core";
import { expect, test } from "vitest";

import type { SessionOptions } from "../src/index.ts";
import { createSession } from "../src/index.ts";
import { createFakeSandbox } from "./fake-sandbox.ts";

/** A session whose programs end when they are told to. */
function openSession(options: Partial<SessionOptions> = {}) {
  const ends: (() => void)[] = [];
  const sandbox = createFakeSandbox(({ code }) =>
    code === "wait" ? new Promise((resolve) => ends.push(() => resolve(1))) : Promise.resolve(1),
  );
  const session = createSession({ registry: createToolRegistry(), sandbox, ...options });
  const endAll = (): number => {
    const running = ends.splice(0);
    for (const end of running) end();
    return running.length;
  };
  return { session, sandbox, endAll };
}

test("without a handle each execution has a guest of its own, with one it goes on in it", async () => {
  const { session, sandbox } = openSession();
  await using _ = session;

  const first = await session.execute("1");
  const second = await session.execute("1");
  const again = await session.execute("1", { session: first.session });

  expect(second.session).not.toBe(first.session);
  expect(again.session).toBe(first.session);
  expect(sandbox.opened).toHaveLength(2);
});

test("handles cannot be guessed", async () => {
  const { session } = openSession();
  await using _ = session;

  const { session: handle } = await session.execute("1");

  expect(handle).toMatch(/^session_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("the guest idle for longest makes room, and its handle says why it is gone", async () => {
  const { session, sandbox } = openSession({ maxGuests: 2 });
  await using _ = session;
  const first = await session.execute("1");
  const second = await session.execute("1");
  await session.execute("1", { session: first.session });

  await session.execute("1");
  const lost = await session.execute("1", { session: second.session });

  expect(sandbox.closed).toEqual([second.session]);
  expect(lost).toMatchObject({
    ok: false,
    error: { code: "SESSION_LOST", message: expect.stringContaining("made room") },
  });
});

test("a guest that runs a program is never closed to make room: the next one waits, then is refused", async () => {
  const { session, sandbox, endAll } = openSession({ maxGuests: 1, acquireTimeoutMs: 30 });
  await using _ = session;
  const running = session.execute("wait");

  const refused = await session.execute("1");
  expect(endAll()).toBe(1);

  expect(refused).toMatchObject({ ok: false, error: { code: "SESSION_LIMIT" } });
  await expect(running).resolves.toMatchObject({ ok: true });
  expect(sandbox.closed).toEqual([]);
});

test("who waits for room gets it as soon as a program ends", async () => {
  const { session, endAll } = openSession({ maxGuests: 1, acquireTimeoutMs: 10_000 });
  await using _ = session;
  const running = session.execute("wait");
  const waiting = session.execute("1");

  await expect.poll(endAll).toBe(1);

  await expect(Promise.all([running, waiting])).resolves.toMatchObject([
    { ok: true },
    { ok: true },
  ]);
});

test("a handle that never was is not found and not handed back", async () => {
  const { session } = openSession();
  await using _ = session;

  const result = await session.execute("1", { session: "session_none" });

  expect(result).toMatchObject({ ok: false, session: "", error: { code: "SESSION_NOT_FOUND" } });
});

test("a guest unused for too long is closed, and told to the audit", async () => {
  const lost: unknown[] = [];
  const { session, sandbox } = openSession({
    guestIdleMs: 20,
    onAudit: (record) => record.type === "session_lost" && lost.push(record),
  });
  await using _ = session;
  const { session: handle } = await session.execute("1");

  await expect.poll(() => sandbox.closed).toEqual([handle]);

  expect(lost).toMatchObject([{ session: handle, why: "it was not used for 20 ms" }]);
});

test("executions without a handle share one guest where the session says so", async () => {
  const { session, sandbox } = openSession({ defaultGuest: "shared" });
  await using _ = session;

  const [first, second] = await Promise.all([session.execute("1"), session.execute("1")]);

  expect(first.session).toBe(second.session);
  expect(sandbox.opened).toHaveLength(1);
});
