import type { AuditRecord } from "@codemode/session";
import { beforeEach, expect, test } from "vitest";

import { setUpShop } from "./shop.ts";

/** What `shop.wait` waits for: a program is under way until the test says otherwise. */
let held = Promise.withResolvers<number>();
beforeEach(() => void (held = Promise.withResolvers()));
const open = setUpShop({ wait: { description: "Waits.", run: () => held.promise } });

/** A built-in that no guest comes back from, so that it is stopped by force. */
const STUCK = "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)";
const SHORT = { timeoutMs: 300 };

test("a handle goes on with the variables; without one the guest is fresh", async () => {
  await using session = open();

  const first = await session.execute("const kept = 41");
  const second = await session.execute("kept + 1", { session: first.session });
  const fresh = await session.execute("typeof kept");

  expect(second).toMatchObject({ ok: true, value: 42, session: first.session });
  expect(fresh).toMatchObject({ ok: true, value: "undefined" });
  expect(fresh.session).not.toBe(first.session);
});

test("a shared guest serves all executions; when it is lost the next one says that it began anew", async () => {
  await using session = open({ defaultGuest: "shared" });

  await session.execute("const kept = 1");
  const kept = await session.execute("kept");
  const killed = await session.execute(STUCK, SHORT);
  const after = await session.execute("typeof kept");

  expect(kept).toMatchObject({ ok: true, value: 1 });
  expect(killed).toMatchObject({ ok: false, error: { code: "TIMEOUT" } });
  expect(after).toMatchObject({
    ok: true,
    value: "undefined",
    warnings: [{ code: "SESSION_RESTARTED" }],
  });
});

test("an unknown handle and a lost one are told apart", async () => {
  await using session = open();

  const unknown = await session.execute("1", { session: "session_made_up" });
  const killed = await session.execute(STUCK, SHORT);
  const lost = await session.execute("1", { session: killed.session });

  expect(unknown).toMatchObject({ ok: false, error: { code: "SESSION_NOT_FOUND" } });
  expect(lost).toMatchObject({ ok: false, error: { code: "SESSION_LOST" } });
});

test("the guest idle for longest makes room; busy ones are never closed", async () => {
  await using session = open({ maxGuests: 1, acquireTimeoutMs: 50 });

  const first = await session.execute("1");
  const second = await session.execute("2");
  const gone = await session.execute("3", { session: first.session });
  const running = session.execute("await shop.wait({})", { session: second.session });
  const refused = await session.execute("5");
  held.resolve(4);

  expect(gone).toMatchObject({
    ok: false,
    error: { code: "SESSION_LOST", message: expect.stringContaining("made room") },
  });
  expect(refused).toMatchObject({ ok: false, error: { code: "SESSION_LIMIT" } });
  expect(await running).toMatchObject({ ok: true, value: 4 });
});

test("where all guests are busy an execution waits for one", async () => {
  await using session = open({ maxGuests: 2 });

  const results = await Promise.all([1, 2, 3, 4, 5].map((n) => session.execute(`await 0; ${n}`)));

  expect(results.map((result) => result.ok && result.value)).toEqual([1, 2, 3, 4, 5]);
});

test("who cancels while waiting for a guest gets an answer at once", async () => {
  await using session = open({ maxGuests: 1 });
  const busy = session.execute("await shop.wait({})");
  const cancel = new AbortController();

  const waiting = session.execute("2", { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 20);

  expect(await waiting).toMatchObject({ ok: false, error: { code: "CANCELLED" } });
  held.resolve(1);
  expect(await busy).toMatchObject({ ok: true });
});

test("an idle session ends, and says so when it is used again", async () => {
  const audit: AuditRecord[] = [];
  await using session = open({ guestIdleMs: 60, onAudit: (record) => audit.push(record) });
  const first = await session.execute("let a = 1");

  await expect.poll(() => audit).toContainEqual(expect.objectContaining({ type: "session_lost" }));
  const later = await session.execute("a", { session: first.session });

  expect(later).toMatchObject({
    ok: false,
    error: { code: "SESSION_LOST", message: expect.stringContaining("it was not used for 60 ms") },
  });
});

test("a session that is stopped by force is told of", async () => {
  const audit: AuditRecord[] = [];
  await using session = open({
    onAudit: (record) => audit.push(record),
  });

  const killed = await session.execute(STUCK, SHORT);

  expect(audit).toContainEqual({
    type: "session_lost",
    session: killed.session,
    at: expect.any(Number),
    why: expect.stringContaining("stopped by force"),
  });
});
