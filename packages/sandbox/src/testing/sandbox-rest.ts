import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Sandbox, SandboxSession } from "../sandbox.ts";
import { descendantsOf, processorMsOf } from "./processes.ts";
import { toRequest } from "./requests.ts";

/** What the tests of guests at rest need to know. */
export interface SandboxRestOptions {
  /** For the titles. */
  readonly name: string;
  readonly createSandbox: () => Sandbox;
  /**
   * Processor time that each guest of this process has used so far, milliseconds by guest. Default:
   * that of this process's descendants, on Linux.
   */
  readonly processorMs?: () => Promise<ReadonlyMap<string, number>>;
}

type End = "value" | "timeout" | "cancel";

interface Case {
  readonly title: string;
  readonly end: End;
  readonly code: string;
}

interface Opened {
  readonly session: SandboxSession;
  readonly guests: readonly string[];
}

// What a program may leave under way.
const LEFT = {
  nothing: "",
  timers:
    "setInterval(() => {}, 0); setTimeout(() => { for (;;); }, 300); const f = () => setTimeout(f); f();",
  calls: "file_system.wait({ ms: 60_000 }); file_system.read({ n: 1 });",
  "a loop of promises": "(async () => { for (;;) await null; })();",
  "a loop of calls": "(async () => { for (let n = 0; ; n++) await file_system.read({ n }); })();",
  "microtasks without end": "const g = () => queueMicrotask(g); g();",
};
const NODE_LEFT = {
  "Node's own timers":
    'const t = await import("node:timers"); const h = () => t.setImmediate(h); h(); t.setInterval(() => {}, 0);',
  "Node's own ticks":
    'const p = (await import("node:process")).default; const k = () => p.nextTick(k); k();',
  "a stuck thread pool":
    'const { pbkdf2 } = await import("node:crypto"); for (let n = 0; n < 8; n++) pbkdf2("a", "b", 1e9, 64, "sha512", () => {});',
};
const SPINS: readonly Case[] = [
  { title: "one that times out as it computes", end: "timeout", code: "for (;;);" },
  { title: "one that is cancelled as it computes", end: "cancel", code: "for (;;);" },
];
const CUT_OFF: ReadonlySet<string> = new Set(["timers", "a loop of calls", "Node's own timers"]);

// From the end of a program to the look at what it still does, and how long that is.
const REST_MS = 250;
const LOOK_MS = 1_000;
// A hundredth is the aim. What computes on is ended for what it has used, by when a busy machine has
// given it that: some of it falls into the look.
const MAX_SHARE = 0.3;

/** Registers tests that a guest uses next to no processor time soon after its program, however that ended. */
export function describeSandboxRest(options: SandboxRestOptions): void {
  const { name, createSandbox } = options;
  const seesGuests = process.platform === "linux" || options.processorMs !== undefined;
  const { processorMs = descendantTimes } = options;
  describe.runIf(seesGuests)(`${name} at rest`, () => {
    const used = new Map<string, number>();
    let sandbox: Sandbox;
    let opening: Promise<unknown> = Promise.resolve();
    /** One at a time: what is new afterwards is its guest. */
    const open = async (): Promise<Opened> => {
      const before = await processorMs();
      const session = await sandbox.openSession();
      const after = await processorMs();
      return { session, guests: [...after.keys()].filter((guest) => !before.has(guest)) };
    };
    beforeAll(() => void (sandbox = createSandbox()));
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
      process.stdout.write(report(name, used));
    });

    const { nodeApis } = createSandbox().capabilities;
    test.concurrent.each([...casesOf(nodeApis ? { ...LEFT, ...NODE_LEFT } : LEFT), ...SPINS])(
      "$title: next to no processor time a moment later",
      async ({ title, end, code }) => {
        const opened = opening.then(open);
        opening = opened.catch(() => undefined);
        const { session, guests } = await opened;
        await runTo(end, session, code);
        await sleep(REST_MS);
        const [from, begin] = [await processorMs(), performance.now()];
        await sleep(LOOK_MS);
        const [to, took] = [await processorMs(), performance.now() - begin];
        await session[Symbol.asyncDispose]();

        // One that is gone uses none.
        const spent = guests.map((guest) => (to.get(guest) ?? 0) - (from.get(guest) ?? 0));
        const share = Math.max(0, ...spent) / took;
        used.set(title, share);
        expect(guests.length).toBeGreaterThan(0);
        expect(share).toBeLessThan(MAX_SHARE);
      },
    );

    // oxlint-disable-next-line vitest/no-conditional-tests -- nothing else of a program's goes on
    if (nodeApis) testLeftWork(async () => (await open()).session);
  });
}

function testLeftWork(open: () => Promise<SandboxSession>): void {
  test("what computes on ends its session, which says why", async () => {
    const session = await open();
    await runTo("value", session, `${NODE_LEFT["Node's own timers"]}\n1`);
    await expect.poll(() => session.state).toBe("lost");

    const result = await session.execute(toRequest("1"));
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: "SESSION_LOST",
        message: expect.stringContaining("computed on after its end"),
      },
    });
  });
  test("what only waits, or computes little, lives on", async () => {
    const session = await open();
    const code =
      'const { setInterval: tick } = await import("node:timers"); var ticks = 0; tick(() => (ticks += 1), 50); 1';
    await runTo("value", session, code);
    await sleep(REST_MS + LOOK_MS);

    const result = await session.execute(toRequest("ticks > 0"));
    expect(result).toMatchObject({ ok: true, value: true });
  });
}

function casesOf(left: Readonly<Record<string, string>>): readonly Case[] {
  return Object.entries(left).flatMap(([what, code]) => {
    const ended: Case = {
      title: `a program that leaves ${what}`,
      end: "value",
      code: `${code}\n1`,
    };
    return [ended].concat(CUT_OFF.has(what) ? cutOff(what, code) : []);
  });
}

function cutOff(what: string, code: string): readonly Case[] {
  const beside = `${code}\nawait new Promise(() => {})`;
  return [
    { title: `one that times out beside ${what}`, end: "timeout", code: beside },
    { title: `one that is cancelled beside ${what}`, end: "cancel", code: beside },
  ];
}

async function runTo(end: End, session: SandboxSession, code: string): Promise<void> {
  const cancel = new AbortController();
  if (end === "cancel") setTimeout(() => cancel.abort(), 150);
  const limits = { timeoutMs: end === "timeout" ? 150 : 20_000, computeMs: 500 };
  const { ok } = await session.execute(toRequest(code, { signal: cancel.signal, limits }));
  expect(ok).toBe(end === "value");
}

function report(name: string, used: ReadonlyMap<string, number>): string {
  const [worst] = [...used].toSorted(([, a], [, b]) => b - a);
  const over = [...used.values()].filter((share) => share > 0.01).length;
  const percent = ((worst?.[1] ?? 0) * 100).toFixed(1);
  return `${name}: ${used.size} programs ended, ${over} use over 1 % ${REST_MS} ms later; worst ${percent} % (${worst?.[0] ?? "none"})\n`;
}

function descendantTimes(): Promise<ReadonlyMap<string, number>> {
  const times = descendantsOf(process.pid).map((pid) => [String(pid), processorMsOf(pid)] as const);
  return Promise.resolve(
    new Map(times.flatMap(([pid, ms]) => (ms === undefined ? [] : [[pid, ms] as const]))),
  );
}
