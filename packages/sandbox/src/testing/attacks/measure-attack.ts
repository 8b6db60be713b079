import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

import type { SandboxSession } from "../../sandbox.ts";
import { toRequest } from "../requests.ts";
import type { Attack } from "./attack.ts";
import { BORDER_ATTACKS } from "./border-attacks.ts";
import { MEMORY_ATTACKS } from "./memory-attacks.ts";
import { TIME_ATTACKS } from "./time-attacks.ts";

/** What one attack cost. */
export interface AttackCost {
  readonly title: string;
  /** How it ended: an error's code, or `ok`. */
  readonly code: string;
  /** The error's message; empty for `ok`. */
  readonly message: string;
  /** By how much it outran its timeout. */
  readonly overrunMs: number;
  /** By how much this process grew. */
  readonly hostMb: number;
  /** The most that a guest was seen to have; 0 where nobody could see. */
  readonly guestMb: number;
  /** The longest that this process's event loop was held up; never under the 10 ms between two looks. */
  readonly delayMs: number;
}

/** Resident memory of the largest guest now, MiB. */
export type ReadMemory = () => number | Promise<number>;

const MB = 1024 * 1024;

/** Every attack, in no order that matters. */
export const ATTACKS: readonly Attack[] = [...TIME_ATTACKS, ...BORDER_ATTACKS, ...MEMORY_ATTACKS];
// Memory takes its time to fill.
const LONG: ReadonlySet<Attack> = new Set(MEMORY_ATTACKS);

/** Runs one attack and looks at what it costs meanwhile. */
export async function measureAttack(
  session: SandboxSession,
  attack: Attack,
  residentMb: ReadMemory,
): Promise<AttackCost> {
  const timeoutMs = LONG.has(attack) ? 500 : 200;
  const before = process.memoryUsage.rss();
  let hostMb = 0;
  const guest = watchMemory(residentMb);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const sampling = setInterval(() => {
    hostMb = Math.max(hostMb, (process.memoryUsage.rss() - before) / MB);
    guest.look();
  }, 10);
  try {
    const limits = { timeoutMs, computeMs: timeoutMs };
    const result = await session.execute(toRequest(attack.code, { limits }));
    const { code, message } = result.ok ? { code: "ok", message: "" } : result.error;
    const overrunMs = Math.max(result.durationMs - timeoutMs, 0);
    return {
      title: attack.title,
      code,
      message,
      overrunMs,
      hostMb,
      guestMb: guest.mostMb(),
      delayMs: delay.max / 1e6,
    };
  } finally {
    clearInterval(sampling);
    delay.disable();
  }
}

/** One look at a time: a daemon takes longer to answer than a file. */
function watchMemory(read: ReadMemory): { look: () => void; mostMb: () => number } {
  let most = 0;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      most = Math.max(most, await read());
    } catch {
      // A guest that has just ended; the next look finds another, or nothing.
    }
    looking = false;
  };
  return { look: () => void look(), mostMb: () => most };
}

/** Resident memory of the largest child of this process, MiB; 0 where the system does not tell. */
export function largestChildMb(): number {
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
