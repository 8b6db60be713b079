import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { ExecuteResult } from "../execute-result.ts";
import type { Sandbox, SandboxSession } from "../sandbox.ts";
import type { Attack } from "./attacks/attack.ts";
import { BORDER_ATTACKS } from "./attacks/border-attacks.ts";
import { MEMORY_ATTACKS } from "./attacks/memory-attacks.ts";
import { TIME_ATTACKS } from "./attacks/time-attacks.ts";
import { toRequest } from "./harness.ts";

/** What the bars need to know of a sandbox. */
export interface SandboxAttacksOptions {
  /** For the titles. */
  readonly name: string;
  readonly createSandbox: () => Sandbox;
  /** Heap of a session, MiB. Default 64. */
  readonly memoryMb?: number;
  /** Attacks at a time. Default 3: done soon, and one's cost can still be told. */
  readonly atOnce?: number;
  /** Resident memory of the largest guest now, MiB. Default: of this process's largest child, on Linux. */
  readonly residentMb?: () => number;
}

/** What one attack cost. */
interface Cost {
  readonly title: string;
  readonly code: string;
  readonly overrunMs: number;
  readonly hostMb: number;
  readonly guestMb: number;
  readonly delayMs: number;
}

const MB = 1024 * 1024;
// What one attack may cost the host.
const HOST_MB = 50;

/** Every attack, in no order that matters. */
export const ATTACKS: readonly Attack[] = [...TIME_ATTACKS, ...BORDER_ATTACKS, ...MEMORY_ATTACKS];
// Memory takes its time to fill.
const LONG: ReadonlySet<Attack> = new Set(MEMORY_ATTACKS);

/**
 * Registers a test of each attack: it ends in a typed result soon after its limit, costs the host
 * little, and the next program works. What it cost is printed. Times are asserted generously, since
 * machines are busy.
 */
export function describeSandboxAttacks(options: SandboxAttacksOptions): void {
  const { name, createSandbox, memoryMb = 64, atOnce = 3, residentMb = largestChildMb } = options;
  describe(`${name} under attack`, () => {
    let sandbox: Sandbox;
    const costs: Cost[] = [];
    const turns = createTurns(atOnce);
    beforeAll(async () => {
      sandbox = createSandbox();
      await sandbox.prewarm(atOnce);
    });
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
      process.stdout.write(report(name, costs));
    });

    test.concurrent.each(ATTACKS)(
      "$title ends in a typed result, and the next program works",
      async (attack) => {
        using turn = await turns.take();
        expect(turn).toBeDefined();
        await using session = await sandbox.openSession({ memoryMb });
        const { result, ...cost } = await measure(session, attack, residentMb);
        costs.push({ title: attack.title, code: result.ok ? "ok" : result.error.code, ...cost });

        expect(result.ok || result.error.message.length > 0).toBe(true);
        expect(attack.ends === "error" && result.ok).toBe(false);
        expect(cost.overrunMs).toBeLessThan(15_000);
        expect(cost.hostMb).toBeLessThan(HOST_MB * atOnce);
        expect(cost.guestMb).toBeLessThan(2 * memoryMb + 160 + 200);
        expect(cost.delayMs).toBeLessThan(15_000);
        expect(await worksAgain(sandbox, session)).toBe(true);
      },
      30_000,
    );
  });
}

/** A program that only spoiled its own session counts as stopped. */
async function worksAgain(sandbox: Sandbox, session: SandboxSession): Promise<boolean> {
  const last = session.state === "ready" ? await session.execute(toRequest("1 + 1")) : undefined;
  if (last?.ok) return last.value === 2;
  await using other = await sandbox.openSession();
  const { ok } = await other.execute(toRequest("1 + 1"));
  return ok;
}

async function measure(
  session: SandboxSession,
  attack: Attack,
  residentMb: () => number,
): Promise<Omit<Cost, "title" | "code"> & { readonly result: ExecuteResult }> {
  const timeoutMs = LONG.has(attack) ? 500 : 200;
  const before = process.memoryUsage.rss();
  let hostMb = 0;
  let guestMb = 0;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const sampling = setInterval(() => {
    hostMb = Math.max(hostMb, (process.memoryUsage.rss() - before) / MB);
    guestMb = Math.max(guestMb, residentMb());
  }, 10);
  try {
    const limits = { timeoutMs, computeMs: timeoutMs };
    const result = await session.execute(toRequest(attack.code, { limits }));
    const overrunMs = Math.max(result.durationMs - timeoutMs, 0);
    return { result, overrunMs, hostMb, guestMb, delayMs: delay.max / 1e6 };
  } finally {
    clearInterval(sampling);
    delay.disable();
  }
}

/** At most so many at a time. */
function createTurns(count: number): { readonly take: () => Promise<Disposable> } {
  const waiting: (() => void)[] = [];
  let free = count;
  const give = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return { [Symbol.dispose]: give };
    },
  };
}

function largestChildMb(): number {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
    const sizes = children.trim().split(" ").map(residentMbOf);
    return Math.max(0, ...sizes);
  } catch {
    // Another system than Linux: then this bar is not measured.
    return 0;
  }
}

function residentMbOf(pid: string): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4_096) / MB;
  } catch {
    // It has ended between the listing and the look.
    return 0;
  }
}

function report(name: string, costs: readonly Cost[]): string {
  const worst = (key: "overrunMs" | "hostMb" | "guestMb" | "delayMs"): string => {
    const [first] = costs.toSorted((a, b) => b[key] - a[key]);
    return `${key} ${Math.round(first?.[key] ?? 0)} (${first?.title ?? "none"})`;
  };
  const within = costs.filter(({ overrunMs }) => overrunMs <= 300).length;
  const codes = Object.entries(Object.groupBy(costs, ({ code }) => code));
  const ends = codes.map(([code, list]) => `${code} ${list?.length ?? 0}`).join(", ");
  const all = (["overrunMs", "hostMb", "guestMb", "delayMs"] as const).map(worst).join("; ");
  return `${name}: ${costs.length} attacks, ${within} within timeout + 300 ms; ended ${ends}; worst ${all}\n`;
}
