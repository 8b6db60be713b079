import { setTimeout as sleep } from "node:timers/promises";

import type { Redis } from "ioredis";

import { TIMEOUT, withDeadline } from "./deadline.ts";
import type { Attempt } from "./redis-attempt.ts";
import { attemptOnce } from "./redis-attempt.ts";
import { reasonOf, unavailableError } from "./redis-errors.ts";
import type { RedisNodes } from "./redis-nodes.ts";

/** What leads the commands of one namespace to where its keys are. */
export interface RedisConnection {
  /**
   * Sends a command; again where a cluster says that it was not carried out. Rejects with
   * `STORAGE_UNAVAILABLE` when the time is up.
   */
  run<T>(command: (redis: Redis) => Promise<T>): Promise<T>;
}

const RETRY_MS = 50;
/** More redirections than that in a row are a cluster that does not agree with itself. */
const MAX_AT_ONCE = 3;

/** All keys of a connection have to be in one slot: it stays with the server that answered last. */
export function createRedisConnection(nodes: RedisNodes, timeoutMs: number): RedisConnection {
  let home = nodes.first;
  const search = async <T>(
    command: (redis: Redis) => Promise<T>,
    signal: AbortSignal,
    explain: (why: unknown) => void,
  ): Promise<T> => {
    const context = { nodes, command, signal, patienceMs: timeoutMs / 2 };
    let attempt: Attempt = { url: home };
    for (let count = 1; ; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- where to is what the one before said
      const outcome = await attemptOnce(attempt, context);
      if ("answer" in outcome) {
        if (attempt.asking !== true) home = attempt.url;
        return outcome.answer;
      }
      explain(outcome.why);
      // Keys that are on their way to a server are asked for where they come from first.
      attempt = attempt.asking === true ? { url: home, later: true } : outcome.next;
      // oxlint-disable-next-line no-await-in-loop -- as said
      if (attempt.later === true || count > MAX_AT_ONCE) await sleep(RETRY_MS, null, { signal });
    }
  };
  return {
    async run(command) {
      let why: unknown;
      try {
        return await withDeadline(timeoutMs, (signal) =>
          search(command, signal, (reason) => {
            // What the cluster says of itself says more than that one of its servers is away.
            if (why === undefined || isReply(reason)) why = reason;
          }),
        );
      } catch (error) {
        const cause = error === TIMEOUT ? (why ?? nodes.at(home).lastError) : error;
        // The next call begins elsewhere, where there is an elsewhere.
        home = nodes.after(home);
        throw unavailableError(cause === undefined ? "no answer" : reasonOf(cause), cause);
      }
    },
  };
}

function isReply(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "ReplyError";
}
