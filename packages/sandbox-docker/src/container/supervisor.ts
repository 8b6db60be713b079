// The first program of a container. It owns the attached stream, runs the guest in a child, tells
// how the child ended, and ends with the host: when its input closes, the container goes.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Socket } from "node:net";

import { createRestWatch } from "@codemode/sandbox/rest-watch";

import { createLineBlocks } from "./line-blocks.ts";
import { countOomKills } from "./oom-kills.ts";
import { PROXY_URL, startProxy } from "./proxy.ts";
import type { SupervisorLine, SupervisorSettings } from "./settings.ts";
import { MAX_LINE_BYTES, SUPERVISOR_PROTOCOL, TUNNEL_LETTER } from "./settings.ts";
import { createTunnels } from "./tunnels.ts";

const WORKSPACE = "/workspace";
const RUNNER = "/opt/codemode/node-runner";
// What a guest that does not read may leave unread.
const MAX_UNREAD_BYTES = 2 * MAX_LINE_BYTES;
const BUDGET = 33;
// What the guest says last.
const REST: ReadonlySet<string> = new Set(["I\n", "X\n"]);
// What V8's fatal errors end with.
const FATAL_SIGNALS: ReadonlySet<string> = new Set(["SIGABRT", "SIGTRAP", "SIGILL"]);

const settings: SupervisorSettings = JSON.parse(process.argv[2] ?? "{}");
// Not `process.stdout`: it blocks on a pipe that nobody reads, and then the end of the input goes unseen.
const input = new Socket({ fd: 0, readable: true, writable: false });
const output = new Socket({ fd: 1, readable: false, writable: true });
const tunnels = createTunnels({
  send: (line) => void output.write(`@${TUNNEL_LETTER}${line}\n`),
});
const oomKillsBefore = countOomKills();
let restless = false;
const child = startChild();
const watch = createRestWatch(child.pid, () => {
  restless = true;
  child.kill("SIGKILL");
});
const pipe = child.stdio[3];
let greeted = false;

setTimeout(() => process.exit(0), settings.maxLifetimeMs).unref();
if (pipe instanceof Socket) connect(pipe);
if (settings.proxy) startProxy(tunnels);

function tell(line: SupervisorLine): void {
  output.write(`@${JSON.stringify(line)}\n`);
}

function startChild(): ChildProcess {
  const args = [
    "--permission",
    ...(process.allowedNodeEnvironmentFlags.has("--allow-net") ? ["--allow-net"] : []),
    `--allow-fs-read=${RUNNER}`,
    "--allow-fs-read=/opt/codemode/package.json",
    ...[WORKSPACE, "/tmp"].flatMap((path) => [
      `--allow-fs-read=${path}`,
      `--allow-fs-write=${path}`,
    ]),
    `--max-old-space-size=${settings.heapMb}`,
    "--no-force-async-hooks-checks",
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
    `${RUNNER}/node-runner.js`,
    WORKSPACE,
    settings.nodeApis ? "node" : "sealed",
  ];
  const started = spawn(process.execPath, args, {
    argv0: "node",
    cwd: WORKSPACE,
    env: settings.proxy
      ? { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: PROXY_URL, HTTPS_PROXY: PROXY_URL }
      : {},
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  preferForKilling(started.pid);
  const unstarted = { code: 1, signal: null, outOfMemory: false, restless: false };
  started.on("error", () => tell({ type: "exit", ...unstarted }));
  // `close`, not `exit`: every frame has been passed on by then.
  started.on("close", (code, signal) => {
    const killed = signal === "SIGKILL" && countOomKills() > oomKillsBefore;
    const outOfMemory = killed || (signal !== null && FATAL_SIGNALS.has(signal));
    tell({ type: "exit", code, signal, outOfMemory, restless });
  });
  return started;
}

/** When memory runs out, the kernel ends the child and not the one who tells of it. */
function preferForKilling(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Not every runtime has the file; the container ends as a whole then.
  }
}

/** Puts the child between input and output. */
function connect(guest: Socket): void {
  const fromHost = createLineBlocks({
    // What comes before the greeting is not ours to read.
    onData: (lines) => greeted && writeToGuest(guest, lines),
    onControl: (line) => onHostLine(line),
    maxLineBytes: MAX_LINE_BYTES,
    onOverflow: () => process.exit(1),
  });
  const fromGuest = createLineBlocks({
    onData: (lines) => writeToHost(lines, guest),
    // Only the supervisor speaks in such lines.
    onControl: () => child.kill("SIGKILL"),
    maxLineBytes: MAX_LINE_BYTES,
    onOverflow: () => child.kill("SIGKILL"),
  });
  input.on("data", fromHost);
  guest.on("data", fromGuest);
  guest.on("error", () => undefined);
  for (const stream of [input, output]) {
    // The host is gone.
    stream.on("error", () => process.exit(0));
    stream.on("close", () => process.exit(0));
  }
}

/** The input is never paused: its end has to be seen. */
function writeToGuest(guest: Socket, lines: Buffer): void {
  if (guest.destroyed) return;
  // The budget of a program.
  if (lines[0] === BUDGET || lines.includes("\n!")) watch.work();
  guest.write(lines);
  if (guest.writableLength > MAX_UNREAD_BYTES) child.kill("SIGKILL");
}

/** A guest that says more than the host reads waits. */
function writeToHost(lines: Buffer, guest: Socket): void {
  if (REST.has(lines.toString("latin1", lines.lastIndexOf("\n", -2) + 1))) watch.rest();
  if (output.write(lines)) return;
  guest.pause();
  output.once("drain", () => guest.resume());
}

function onHostLine(line: string): void {
  if (line.startsWith(TUNNEL_LETTER)) {
    tunnels.receive(line.slice(1));
    return;
  }
  const { nonce }: { readonly nonce?: unknown } = JSON.parse(line);
  if (greeted || typeof nonce !== "string") return;
  greeted = true;
  tell({ type: "ready", nonce, protocol: SUPERVISOR_PROTOCOL });
}
