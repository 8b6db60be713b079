import { execFile, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";

import { afterAll, describe, expect, test, vi } from "vitest";

import type { Sandbox, SandboxSession } from "../sandbox.ts";
import { descendantsOf, isAlive } from "./processes.ts";
import { toRequest } from "./requests.ts";

/** What the tests of what is left behind need to know. */
export interface SandboxLeaksOptions {
  /** For the titles. */
  readonly name: string;
  readonly createSandbox: () => Sandbox;
  /**
   * A script that runs the program given as its last argument in this sandbox, prints its value as
   * JSON, and closes nothing. `args` come before the program.
   */
  readonly script: { readonly path: string; readonly args?: readonly string[] };
  /** How often the script is run. Default 50. */
  readonly exits?: number;
  /** How many sessions there are at once. Default 64. */
  readonly sessions?: number;
  /** How many guests a process has that are none of its child processes, such as containers. Default: those are all. */
  readonly countGuests?: (host: number) => Promise<number>;
}

// What a host may be killed in the middle of.
const UNDER_WAY = {
  "while a program waits": "await new Promise((done) => setTimeout(done, 60_000))",
  "while a program computes": "for (;;);",
  "while a built-in blocks": "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
};

/** Registers tests that nothing outlives its host, its sandbox or its session. Processes are seen on Linux only. */
export function describeSandboxLeaks(options: SandboxLeaksOptions): void {
  const { name, createSandbox, script, exits = 50, sessions: many = 64, countGuests } = options;
  const seesGuests = process.platform === "linux" || countGuests !== undefined;
  const measures: string[] = [];
  describe(`${name} leaves nothing behind`, () => {
    afterAll(() => void process.stdout.write(`${name}: ${measures.join("; ")}\n`));

    test(
      `a script that closes nothing ends with code 0 after its program, ${exits} times`,
      async () => {
        for (let round = 0; round < exits; round += 5) {
          const five = Array.from({ length: 5 }, () =>
            promisify(execFile)(process.execPath, [script.path, ...(script.args ?? []), "1 + 1"]),
          );
          // oxlint-disable-next-line no-await-in-loop -- a few at once: all would only wait for each other
          const ended = await Promise.all(five);
          expect(ended.map(({ stdout }) => stdout.trim())).toEqual(Array(5).fill("2"));
        }
      },
      Math.max(300_000, exits * 6_000),
    );

    test.runIf(seesGuests).each(Object.entries(UNDER_WAY))(
      "no guest outlives a host that is killed %s",
      async (when, code) => {
        const args = [script.path, ...(script.args ?? []), code];
        const host = spawn(process.execPath, args, { stdio: "ignore" });
        const { pid = 0 } = host;
        await vi.waitFor(
          async () => expect(await guestsOf(pid, countGuests)).toBeGreaterThan(0),
          30_000,
        );
        await new Promise((resolve) => setTimeout(resolve, 300));
        const left = descendantsOf(pid);

        host.kill("SIGKILL");
        const killed = performance.now();

        // A second on an idle machine, two for containers.
        await vi.waitFor(
          async () => {
            expect(left.filter(isAlive)).toEqual([]);
            expect(await countGuests?.(pid)).toBeOneOf([0, undefined]);
          },
          { timeout: 20_000, interval: 20 },
        );
        measures.push(`gone ${Math.round(performance.now() - killed)} ms after a kill ${when}`);
      },
      60_000,
    );

    test(
      `1,000 executions in a row and ${many} sessions at once leave no guest, file, timer or listener`,
      async () => {
        const sandbox = createSandbox();
        await runIn(await sandbox.openSession(), 20);
        // Waited for here as below: waiting has timers of its own.
        const before = await vi.waitFor(countHeld, 30_000);

        await runIn(await sandbox.openSession(), 1_000);
        const sessions = await Promise.all(
          Array.from({ length: many - 2 }, () => sandbox.openSession()),
        );
        const results = await Promise.all(sessions.map((session) => runIn(session, 2)));
        await Promise.all(
          sessions.slice(0, many / 2).map((session) => session[Symbol.asyncDispose]()),
        );
        await sandbox[Symbol.asyncDispose]();

        expect(results).toEqual(Array(many - 2).fill(1));
        await vi.waitFor(
          async () => {
            const after = await countHeld();
            expect(after.processes).toBe(0);
            expect(await countGuests?.(process.pid)).toBeOneOf([0, undefined]);
            expect(after.timers).toBeLessThanOrEqual(before.timers);
            expect(after.files).toBeLessThanOrEqual(before.files);
            expect(after.listeners).toBe(before.listeners);
          },
          { timeout: 30_000 },
        );
        const after = await countHeld();
        measures.push(
          `memory ${Math.round(after.residentMb - before.residentMb)} MB more after 1,000 executions, and ${many} sessions`,
        );
        expect(after.residentMb - before.residentMb).toBeLessThan(150);
      },
      Math.max(300_000, many * 4_000),
    );
  });
}

function guestsOf(
  host: number,
  countGuests: SandboxLeaksOptions["countGuests"],
): number | Promise<number> {
  return countGuests ? countGuests(host) : descendantsOf(host).length;
}

/** Runs programs one after another; gives the last one's value. */
async function runIn(session: SandboxSession, count: number): Promise<unknown> {
  let value: unknown;
  for (let round = 0; round < count; round += 1) {
    const code = `const { n } = await file_system.read({ n: ${round} }); n`;
    // oxlint-disable-next-line no-await-in-loop -- a session runs one program at a time
    const result = await session.execute(toRequest(code));
    expect(result.ok).toBe(true);
    value = result.ok ? result.value : undefined;
  }
  return value;
}

interface Held {
  readonly processes: number;
  readonly files: number;
  readonly timers: number;
  readonly listeners: number;
  readonly residentMb: number;
}

async function countHeld(): Promise<Held> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const isLinux = process.platform === "linux";
  const events = process.eventNames();
  return {
    processes: isLinux ? descendantsOf(process.pid).filter(isAlive).length : 0,
    files: isLinux ? readdirSync("/proc/self/fd").length : 0,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
    listeners: events.reduce((sum, event) => sum + process.listenerCount(event), 0),
    residentMb: process.memoryUsage.rss() / (1024 * 1024),
  };
}
