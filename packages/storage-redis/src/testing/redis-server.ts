import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

/**
 * Whether there is a Redis server to start. Where there is none, a test that is skipped says so;
 * where CI is set, that is a failure.
 */
export function findRedis(): boolean {
  if (spawnSync("redis-server", ["--version"]).status === 0) return true;
  const reason = "tests with Redis need redis-server, Debian's package of this name for example";
  test(reason, (context) => {
    expect({ CI: process.env["CI"] ?? "", reason }).toEqual({ CI: "", reason });
    context.skip(reason);
  });
  return false;
}

/** A real server of the test's own. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Starts it again at the same place, with the same files. */
  start(): Promise<void>;
  /** As a crash of the machine would. */
  kill(): Promise<void>;
  /** Holds it, so that it neither answers nor closes connections. */
  freeze(): void;
  thaw(): void;
}

const READY = "Ready to accept connections";

/** Starts a server on a free port. `flags`: `["--appendonly", "yes"]`; `PORT` stands for the port. */
export async function startRedis(flags: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
    const own = flags.map((flag) => (flag === "PORT" ? String(port) : flag));
    child = spawn("redis-server", ["--save", "", ...place, ...own], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    // The pipe stays: a server that cannot write its log is another one.
    for await (const text of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
      output += String(text);
      if (output.includes(READY)) break;
    }
    // What it says from now on is nobody's concern, but must not stop it.
    child.stdout?.resume();
    if (!output.includes(READY)) throw new Error(`redis-server ended: ${output}`);
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    kill,
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Below those that systems give to connections: the second port has to stay free as well. */
async function freePort(): Promise<number> {
  const port = randomInt(12_000, 22_000);
  // A server of a cluster has a second port, 10,000 above.
  const free = await Promise.all([isFree(port), isFree(port + 10_000)]);
  return free.every(Boolean) ? port : await freePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const answer = Promise.race([
    once(server, "listening").then(() => true),
    once(server, "error").then(() => false),
  ]);
  server.listen(port, "127.0.0.1");
  const free = await answer.catch(() => false);
  if (free) {
    server.close();
    await once(server, "close");
  }
  return free;
}
