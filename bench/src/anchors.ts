// What nothing between two processes can be faster than, measured here and now. Prints one line of JSON.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MESSAGE = JSON.stringify({ text: "x".repeat(88) });
const ROUNDS = 3_000;

function least(times: number, run: () => void): number {
  let best = Infinity;
  for (let n = 0; n < times; n += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best * 1_000;
}

/** 100 bytes there and back between two processes that block, over two pipes. */
function roundTrip(): number {
  const folder = mkdtempSync(join(tmpdir(), "codemode-bench-"));
  const [there, back] = [join(folder, "there"), join(folder, "back")];
  execFileSync("mkfifo", [there, back]);
  const echo = `const { openSync, readSync, writeSync } = require("node:fs");
const from = openSync(process.argv[1], "r"), to = openSync(process.argv[2], "w"), chunk = Buffer.alloc(256);
for (let size; (size = readSync(from, chunk)) > 0; ) writeSync(to, chunk, 0, size);`;
  const child = spawn(process.execPath, ["-e", echo, there, back], { stdio: "ignore" });
  const to = openSync(there, "w");
  const from = openSync(back, "r");
  const message = Buffer.from(MESSAGE);
  const chunk = Buffer.alloc(256);
  const best = least(ROUNDS, () => {
    writeSync(to, message);
    readSync(from, chunk);
  });
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
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
