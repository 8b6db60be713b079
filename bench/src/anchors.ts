// What nothing between two processes can be faster than, measured here and now. Prints one line of JSON.
import { spawn } from "node:child_process";
import { readSync, writeSync } from "node:fs";

const MESSAGE = JSON.stringify({ text: "x".repeat(88) });
const ROUNDS = 20_000;

function least(times: number, run: () => void): number {
  let best = Infinity;
  for (let n = 0; n < times; n += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best * 1_000;
}

/** What Node gives a child as its standard streams: one end of a socket pair. */
interface PipeHandle {
  readonly fd: number;
  setBlocking(blocking: boolean): number;
}

/** Node keeps the handle to itself, and nothing else lets a parent block on it as its child does. */
function handleOf(stream: object): PipeHandle {
  const handle: unknown = Reflect.get(stream, "_handle");
  if (!isPipeHandle(handle)) throw new Error("This Node has no handle to block on.");
  handle.setBlocking(true);
  return handle;
}

function isPipeHandle(value: unknown): value is PipeHandle {
  return typeof value === "object" && value !== null && "fd" in value && "setBlocking" in value;
}

/** 100 bytes there and back between two processes that block, over two socket pairs. */
function roundTrip(): number {
  const echo = `const { readSync, writeSync } = require("node:fs"), chunk = Buffer.alloc(256);
for (let size; (size = readSync(0, chunk)) > 0; ) writeSync(1, chunk, 0, size);`;
  const child = spawn(process.execPath, ["-e", echo], { stdio: ["pipe", "pipe", "ignore"] });
  const to = handleOf(child.stdin).fd;
  const from = handleOf(child.stdout).fd;
  const message = Buffer.from(MESSAGE);
  const chunk = Buffer.alloc(256);
  const best = least(ROUNDS, () => {
    writeSync(to, message);
    readSync(from, chunk);
  });
  child.kill("SIGKILL");
  return best;
}

/** One call's JSON: arguments and result of 100 bytes, each written once and read once. */
function jsonBothWays(): number {
  const value: unknown = JSON.parse(MESSAGE);
  const calls = 1_000;
  const best = least(50, () => {
    for (let n = 0; n < calls; n += 1) {
      JSON.parse(JSON.stringify(JSON.parse(JSON.stringify(value))));
    }
  });
  return best / calls;
}

process.stdout.write(
  `${JSON.stringify({ roundTrip: roundTrip(), jsonBothWays: jsonBothWays() })}\n`,
);
