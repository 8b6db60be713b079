import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";
import { describe, expect, test } from "vitest";

import { attachTo, watchEnd } from "../src/attach.ts";
import { createContainerChannel } from "../src/container-channel.ts";
import { createDockerSandbox } from "../src/index.ts";
import { EXPIRES_LABEL, MANAGED_LABEL, OWNER_LABEL } from "../src/labels.ts";
import { reapContainers, removeContainer } from "../src/reaper.ts";
import { listContainers } from "../src/testing/index.ts";
import type { TestDaemon } from "./daemon.ts";
import { findDaemon } from "./daemon.ts";
import { runIn } from "./run-in.ts";

const daemon = await findDaemon();

function testEnds({ docker, baseImage }: TestDaemon): void {
  const containersOf = async (pid: number): Promise<number> =>
    (await listContainers(docker, pid)).length;

  test("a disposed sandbox leaves no container", async () => {
    const sandbox = createDockerSandbox({ baseImage });
    await sandbox.openSession();
    await sandbox.prewarm(1);
    const before = await containersOf(process.pid);
    await sandbox[Symbol.asyncDispose]();

    expect(before).toBeGreaterThanOrEqual(2);
    expect(await containersOf(process.pid)).toBe(0);
  });
  test("a container serves one session and is removed with it", async () => {
    await using sandbox = createDockerSandbox({ baseImage });
    const leaveMark =
      'import fs from "node:fs"; const seen = fs.existsSync("/tmp/mark"); fs.writeFileSync("/tmp/mark", ""); seen';
    const seen = [await runIn(sandbox, leaveMark), await runIn(sandbox, leaveMark)];

    expect(seen).toEqual([false, false]);
  });
  test("a container whose output nobody reads is removed without a wait", async () => {
    const container = await docker.createContainer({
      name: `codemode-test-${randomUUID()}`,
      Image: baseImage,
      Entrypoint: ["node", "-e", 'setInterval(() => process.stdout.write("x".repeat(1e6)), 1)'],
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: { NetworkMode: "none", LogConfig: { Type: "none", Config: {} } },
    });
    const [stream, { end }] = await Promise.all([
      attachTo(docker, container.id),
      watchEnd(docker, container.id),
    ]);
    let removal: Promise<void> | undefined;
    const channel = createContainerChannel({
      stream,
      end,
      allowed: new Set(),
      remove: () => (removal = removeContainer(docker, container.id)),
      wasOutOfMemory: () => Promise.resolve(false),
    });
    await container.start();
    stream.pause();
    await sleep(1_500);

    channel.kill();
    const removed = await Promise.race([removal?.then(() => true), sleep(8_000, false)]);

    expect(removed).toBe(true);
    await expect(channel.ready).rejects.toThrow("ended");
  });
}

function testReaper({ docker, baseImage }: TestDaemon): void {
  const create = async (labels: Readonly<Record<string, string>>): Promise<string> => {
    const id = randomUUID();
    await docker.createContainer({
      Image: baseImage,
      Entrypoint: ["node"],
      Labels: { [MANAGED_LABEL]: "1", "io.codemode.test": id, ...labels },
      HostConfig: { NetworkMode: "none" },
    });
    return `io.codemode.test=${id}`;
  };
  /** Which are left. Other sandboxes of this daemon may be at it too, so who removed one is no matter. */
  const reap = async (label: string, now?: number): Promise<number> => {
    await reapContainers(docker, { labels: [label], ...(now === undefined ? {} : { now }) });
    const left = await docker.listContainers({ all: true, filters: { label: [label] } });
    return left.length;
  };

  test("one that was made and never started is removed after a minute", async () => {
    const label = await create({});

    expect(await reap(label)).toBe(1);
    expect(await reap(label, Date.now() + 65_000)).toBe(0);
  });
  test("one past its time is removed", async () => {
    expect(await reap(await create({ [EXPIRES_LABEL]: "1000" }))).toBe(0);
  });
  test("one whose owner has ended is removed, one of another machine is not", async () => {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const self = /\[(\d+)\]/.exec(readlinkSync("/proc/self/ns/pid"))?.[1];
    const other = await create({ [OWNER_LABEL]: "elsewhere/1:1:1" });

    expect(await reap(await create({ [OWNER_LABEL]: `${boot}/${self}:1:0` }))).toBe(0);
    expect(await reap(other)).toBe(1);
    expect(await reap(other, Date.now() + 65_000)).toBe(0);
  });
}

function socketOf({ modem }: Docker): string {
  const { socketPathCache }: { readonly socketPathCache?: unknown } = Object(modem);
  return typeof socketPathCache === "string" ? socketPathCache : "/var/run/docker.sock";
}

function testProbe({ docker, baseImage }: TestDaemon): void {
  test.each([
    [{ host: "unix:///nowhere.sock" }, "no Docker daemon", "Install Docker"],
    [{ host: "tcp://127.0.0.1:1" }, "ECONNREFUSED", "DOCKER_HOST"],
    [{ baseImage, runtime: "nope" }, 'no runtime "nope"', "daemon.json"],
    [{ image: "nope:1" }, '"nope:1" is not on this daemon', "docker pull nope:1"],
    [{ image: baseImage }, "no codemode runner", "it is built then"],
    [{ baseImage: "localhost:1/nope" }, "cannot be built", "scripts/make-docker-base.sh"],
    [{ baseImage, workspacePath: "/nowhere" }, "is no folder", "workspace_path"],
  ])("%j: what is wrong, and what to do", async (options, reason, remedy) => {
    await using sandbox = createDockerSandbox(options);

    expect(await sandbox.probe()).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
      remedy: expect.stringContaining(remedy),
    });
  });
  test("a daemon that comes later is found by the next session", async () => {
    const folder = mkdtempSync(join(tmpdir(), "codemode-docker-"));
    const socket = join(folder, "docker.sock");
    await using sandbox = createDockerSandbox({ baseImage, host: `unix://${socket}` });
    const before = await sandbox.probe();
    symlinkSync(socketOf(docker), socket);
    const after = await sandbox.probe();
    rmSync(folder, { recursive: true });

    expect(before).toMatchObject({ ok: false });
    expect(after).toEqual({ ok: true });
  });
  test("a daemon behind a slow line is spoken to over TCP", async () => {
    // What comes after the head of a request comes late.
    const proxy = createServer((client) => {
      const upstream = connect(socketOf(docker));
      client.on("data", (chunk: Buffer) => {
        const head = chunk.indexOf("\r\n\r\n") + 4;
        upstream.write(head < 4 ? chunk : chunk.subarray(0, head));
        if (head >= 4) setTimeout(() => upstream.write(chunk.subarray(head)), 100);
      });
      upstream.pipe(client);
      client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const address = proxy.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await using sandbox = createDockerSandbox({ baseImage, host: `tcp://127.0.0.1:${port}` });

    const value = await runIn(sandbox, "1 + 1");
    proxy.close();

    expect(value).toBe(2);
  });
  test("building an image is told, once", async () => {
    const other = `codemode/test-base:${randomUUID()}`;
    await docker.getImage(baseImage).tag({ repo: "codemode/test-base", tag: other.slice(19) });
    const told: string[] = [];
    const onProgress = (message: string): void => void told.push(message);
    try {
      await using first = createDockerSandbox({ baseImage: other, onProgress });
      await using second = createDockerSandbox({ baseImage: other, onProgress });

      expect(await first.probe()).toEqual({ ok: true });
      const { length } = told;
      expect(told[0]).toContain("Building the sandbox's image codemode/sandbox:1-");
      expect(await second.probe()).toEqual({ ok: true });
      expect(told).toHaveLength(length);
    } finally {
      const image = /codemode\/sandbox:\S+/.exec(told[0] ?? "")?.[0];
      if (image !== undefined) await docker.getImage(image).remove({ force: true });
      await docker.getImage(other).remove();
    }
  });
}

// oxlint-disable-next-line vitest/no-conditional-tests -- without a daemon there is nothing to test, and the helper has said so
if (daemon) {
  describe("the end of a container", () => {
    testEnds(daemon);
  });
  describe("the reaper", () => {
    testReaper(daemon);
  });
  describe("a probe", () => {
    testProbe(daemon);
  });
}
