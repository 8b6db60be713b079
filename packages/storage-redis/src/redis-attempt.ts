import { setTimeout as sleep } from "node:timers/promises";

import type { Redis } from "ioredis";

import type { RedisClient } from "./redis-client.ts";
import type { RedisNodes } from "./redis-nodes.ts";

/** Where an attempt goes. */
export interface Attempt {
  readonly url: string;
  /** With the word that makes a server answer for keys that are on their way to it. */
  readonly asking?: boolean;
  /** Not at once: nothing has changed yet. */
  readonly later?: boolean;
}

/** The answer, or where to go on and why: the command was not carried out. */
export type Outcome<T> = { readonly answer: T } | { readonly next: Attempt; readonly why: unknown };

/** What an attempt needs to know. */
export interface AttemptContext<T> {
  readonly nodes: RedisNodes;
  readonly command: (redis: Redis) => Promise<T>;
  readonly signal: AbortSignal;
  /** How long a server of a cluster may take to be there, before another one is asked. */
  readonly patienceMs: number;
}

/** Sends a command to one server. Rejects where it may have been carried out, or would be refused again. */
export async function attemptOnce<T>(
  { url, asking = false }: Attempt,
  { nodes, command, signal, patienceMs }: AttemptContext<T>,
): Promise<Outcome<T>> {
  const client = nodes.at(url);
  if (!(await becomesReady(client, nodes, patienceMs))) {
    return { next: { url: nodes.after(url), later: true }, why: client.lastError };
  }
  // Others are known before this one is lost.
  if (nodes.isCluster) nodes.ask(client);
  // Given up meanwhile: nobody waits for the answer.
  signal.throwIfAborted();
  try {
    // Where it fails, so does the command behind it, which says why.
    if (asking) client.redis.asking().catch(() => {});
    return { answer: await command(client.redis) };
  } catch (error) {
    const next = findNext(error, client, nodes);
    if (next === undefined) throw error;
    return { next, why: error };
  }
}

/** A server that is alone is waited for as long as there is time. */
async function becomesReady(
  client: RedisClient,
  nodes: RedisNodes,
  patienceMs: number,
): Promise<boolean> {
  if (!nodes.isCluster || client.redis.status === "ready") {
    await client.ready();
    return true;
  }
  const waiting = new AbortController();
  const state = await Promise.race([
    client.ready().then(() => "ready"),
    client.closed().then(() => "closed"),
    sleep(patienceMs, "slow", { signal: waiting.signal }),
  ]);
  waiting.abort();
  if (state === "closed") nodes.drop(client);
  return state === "ready";
}

/** Where a cluster sends a command that it did not carry out. */
function findNext(error: unknown, client: RedisClient, nodes: RedisNodes): Attempt | undefined {
  const { url } = client;
  const message = error instanceof Error ? error.message : "";
  const [word, , address = ""] = message.split(" ");
  if (word === "MOVED") {
    const target = nodes.follow(client, address);
    return { url: target, later: target === url };
  }
  if (word === "ASK") return { url: nodes.follow(client, address), asking: true };
  if (word === "CLUSTERDOWN") return { url: nodes.after(url), later: true };
  // Some keys of the slot are still on their way, also such as a script finds out by itself.
  if (word === "TRYAGAIN" || message.includes("access a non local key"))
    return { url, later: true };
  return undefined;
}
