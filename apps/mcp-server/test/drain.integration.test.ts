import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { createDockerSandbox } from "@codemode/sandbox-docker";
import { createUsageReader } from "@codemode/sandbox-docker/testing";
import type { TestContext } from "vitest";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const servers = {
  "codemode-mcp-server": [fileURLToPath(new URL("../src/main.ts", import.meta.url))],
  "codemode serve": [fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url)), "serve"],
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-drain-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A folder with a config of its own. */
async function configure(config: object): Promise<string> {
  const cwd = await mkdtemp(join(folder, "config-"));
  const text = JSON.stringify({ shutdown_grace_ms: 2_000, prewarm: 1, ...config });
  await writeFile(join(cwd, "codemode.config.json"), text);
  return cwd;
}

interface Answer {
  readonly id: number;
  readonly result: {
    readonly structuredContent?: {
      readonly ok: boolean;
      readonly error?: { readonly code: string };
    };
  };
}

const REFUSED = "SANDBOX_DISPOSED";
const codeOf = ({ structuredContent }: Answer["result"]): string | undefined =>
  structuredContent?.error?.code;

interface Progress {
  readonly params: { readonly progressToken?: number };
}

/** A client that keeps every answer by its id. */
async function connect(
  args: readonly string[],
  config: object = {},
): Promise<{
  readonly server: ChildProcess;
  readonly answers: Map<number, Answer>;
  /** Those who have told how far they are. */
  readonly told: Set<number>;
  readonly send: (message: object) => void;
  readonly execute: (id: number, code: string) => void;
}> {
  const cwd = await configure(config);
  const server = spawn(process.execPath, args, { cwd, stdio: ["pipe", "pipe", "ignore"] });
  const answers = new Map<number, Answer>();
  const told = new Set<number>();
  createInterface({ input: server.stdout }).on("line", (line) => {
    const message: Answer | Progress = JSON.parse(line);
    if ("id" in message) answers.set(message.id, message);
    else if (message.params.progressToken !== undefined) told.add(message.params.progressToken);
  });
  const send = (message: object): void => {
    server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  };
  const clientInfo = { name: "test", version: "1.0.0" };
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
  send({ id: 0, method: "initialize", params });
  await vi.waitFor(() => expect(answers.has(0)).toBe(true), 30_000);
  send({ method: "notifications/initialized" });
  return {
    server,
    answers,
    told,
    send,
    execute: (id, code) => {
      const call = { name: "execute_code", arguments: { code } };
      send({
        id,
        method: "tools/call",
        params: { ...call, ["_meta"]: { progressToken: id } },
      });
    },
  };
}

/** Process ids of a process's children, on Linux. */
function childrenOf(parent: number): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    // It has ended between the listing and the look.
    return undefined;
  }
}

/** Guests of a server that are none of its children. */
type CountContainers = (pid: number) => Promise<number>;

/** What a server is told of its sandbox, and how its guests are seen. */
interface Variant {
  readonly config: object;
  readonly countContainers?: CountContainers;
}

async function prepare(variant: string, context: TestContext): Promise<Variant> {
  if (variant !== "docker") return { config: { sandbox_variant: variant } };
  const readContainers = createUsageReader();
  const docker = { base_image: await findBaseImage(context) };
  return {
    config: { sandbox_variant: variant, docker },
    countContainers: async (pid) => (await readContainers(pid)).size,
  };
}

/** One that this machine's daemon can stand a sandbox on; where there is none, the test is skipped and says why. */
async function findBaseImage(context: TestContext): Promise<string> {
  let reason = "";
  for (const baseImage of ["codemode/node-base:24", "node:24-slim"]) {
    // oxlint-disable-next-line no-await-in-loop -- the second only where the first is not there
    await using sandbox = createDockerSandbox({ baseImage });
    // oxlint-disable-next-line no-await-in-loop -- the same
    const probe = await sandbox.probe();
    if (probe.ok) return baseImage;
    reason = probe.reason;
  }
  expect({ CI: process.env["CI"] ?? "", reason }).toEqual({ CI: "", reason });
  return context.skip(reason);
}

test.for([
  ["codemode-mcp-server", "isolated-vm"],
  ["codemode serve", "isolated-vm"],
  ["codemode-mcp-server", "local-eval"],
  ["codemode-mcp-server", "docker"],
] as const)(
  "%s with %s: on SIGTERM with 20 programs under way every caller is answered, the code is 0 and nothing is left",
  async ([name, variant], context) => {
    const { config, countContainers } = await prepare(variant, context);
    const { server, answers, told, send, execute } = await connect(servers[name], config);
    const pid = server.pid ?? 0;
    const exited = once(server, "exit");
    execute(1, "1");
    await vi.waitFor(() => expect(answers.has(1)).toBe(true), 30_000);
    execute(
      2,
      "console.log('begun'); await new Promise((done) => setTimeout(done, 300)); 'finished'",
    );
    await vi.waitFor(() => expect(told.has(2)).toBe(true), 30_000);
    execute(3, "await new Promise((done) => setTimeout(done, 60_000))");
    for (let id = 4; id <= 21; id += 1)
      execute(id, id % 2 ? "for (;;);" : "await new Promise((done) => setTimeout(done, 60_000))");
    // Messages are read in their order: when this one is answered, all of them are under way.
    send({ id: 22, method: "ping" });
    await vi.waitFor(() => expect(answers.has(22)).toBe(true), 30_000);
    const children = childrenOf(pid);
    const guests = (await countContainers?.(pid)) ?? children.length;

    const start = performance.now();
    server.kill("SIGTERM");
    let last = 22;
    // Until the signal has come through, programs are taken on.
    await expect
      .poll(
        () => {
          const refused = [...answers.values()].find(({ result }) => codeOf(result) === REFUSED);
          if (!refused) execute((last += 1), "22");
          return refused?.result.structuredContent;
        },
        { interval: 100 },
      )
      .toMatchObject({ error: { message: expect.stringContaining("no more calls") } });
    const [code] = await exited;
    const took = performance.now() - start;
    process.stdout.write(`${name} with ${variant}: ended ${Math.round(took)} ms after SIGTERM\n`);

    expect(code).toBe(0);
    // Ten seconds on an idle machine.
    expect(took).toBeLessThan(60_000);
    expect([...answers.keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: last + 1 }, (_, id) => id),
    );
    expect(answers.get(2)?.result.structuredContent).toMatchObject({
      ok: true,
      result: "finished",
    });
    for (const id of [3, 4, 20])
      expect(answers.get(id)?.result.structuredContent).toMatchObject({
        ok: false,
        error: { code: "CANCELLED", message: expect.stringContaining("shutting down") },
      });
    expect(guests).toBeGreaterThan(0);
    await vi.waitFor(async () => {
      expect(children.filter((child) => parentOf(child) !== undefined)).toEqual([]);
      expect(await countContainers?.(pid)).toBeOneOf([0, undefined]);
    }, 30_000);
  },
);

test("a server that runs nothing ends at once on SIGTERM", async () => {
  const { server } = await connect(servers["codemode-mcp-server"]);
  const exited = once(server, "exit");

  server.kill("SIGTERM");

  expect(await exited).toEqual([0, null]);
});

test("a call that waits for a server that hangs does not hold up the end", async () => {
  const args = servers["codemode-mcp-server"];
  const hanging = {
    command: process.execPath,
    args: ["-e", "setInterval(() => {}, 1000)"],
    connect_timeout_ms: 170_000,
  };
  const { server, answers, execute } = await connect(args, { mcpServers: { hanging } });
  const ended = once(server, "exit", { signal: AbortSignal.timeout(90_000) });

  execute(1, "1");
  await new Promise((resolve) => setTimeout(resolve, 200));
  server.kill("SIGTERM");

  const [code] = await ended;
  expect(code).toBe(0);
  expect(answers.get(1)?.result.structuredContent).toMatchObject({ ok: false });
});
