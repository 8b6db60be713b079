import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Sandbox, SandboxSession } from "../sandbox.ts";
import type { AttackCost, ReadMemory } from "./attacks/measure-attack.ts";
import { ATTACKS, largestChildMb, measureAttack } from "./attacks/measure-attack.ts";
import { toRequest } from "./requests.ts";

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
  readonly residentMb?: ReadMemory;
}

// What one attack may cost the host.
const HOST_MB = 50;

/**
 * Registers a test of each attack: it ends in a typed result soon after its limit, costs the host
 * little, and the next program works. What it cost is printed. Times are asserted generously, since
 * machines are busy.
 */
export function describeSandboxAttacks(options: SandboxAttacksOptions): void {
  const { name, createSandbox, memoryMb = 64, atOnce = 3, residentMb = largestChildMb } = options;
  describe(`${name} under attack`, () => {
    let sandbox: Sandbox;
    const costs: AttackCost[] = [];
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
        const cost = await measureAttack(session, attack, residentMb);
        costs.push(cost);

        expect(cost.message.length > 0).toBe(cost.code !== "ok");
        expect(attack.ends === "error" && cost.code === "ok").toBe(false);
        expect(cost.overrunMs).toBeLessThan(15_000);
        expect(cost.hostMb).toBeLessThan(HOST_MB * atOnce);
        expect(cost.guestMb).toBeLessThan(2 * memoryMb + 160 + 200);
        expect(cost.delayMs).toBeLessThan(15_000);
        expect(await worksAgain(sandbox, session)).toBe(true);
      },
      // Those that wait for their turn have begun.
      180_000,
    );
  });
}

/** A program that only spoiled its own session counts as stopped. */
async function worksAgain(sandbox: Sandbox, session: SandboxSession): Promise<boolean> {
  const soon = toRequest("1 + 1", { limits: { timeoutMs: 5_000 } });
  const last = session.state === "ready" ? await session.execute(soon) : undefined;
  if (last?.ok) return last.value === 2;
  await using other = await sandbox.openSession();
  const { ok } = await other.execute(toRequest("1 + 1"));
  return ok;
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

function report(name: string, costs: readonly AttackCost[]): string {
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
