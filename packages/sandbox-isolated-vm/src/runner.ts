// The child process around one isolate: a pump between file descriptors and the guest. It
// understands nothing but the budget line; whatever else comes in goes to the guest as it is.
import { readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

import type * as Answers from "@codemode/sandbox/answer-guest";
import type * as IsolatedVm from "isolated-vm";

const [binary = "", memoryMb = "128", answers = ""] = process.argv.slice(-3);
const OUT_OF_MEMORY = 77;
const DEFAULT_TIMEOUT_MS = 5_000;
// What is told at the deadline is heard to its end: cut off half way, the rest would run in the next program.
const LEAST_MS = 20;

// Without stacks: what is thrown from here would reach the program and name places of the host.
Error.stackTraceLimit = 0;
freezeIntrinsics();

const { ivm }: { readonly ivm: typeof IsolatedVm } = createRequire(import.meta.url)(binary);
const { answerGuest }: typeof Answers = await import(answers);

// Without a handler for catastrophic errors: V8 then ends the process, which is what the host watches for.
const isolate = new ivm.Isolate({ memoryLimit: Number(memoryMb) });
const context = isolate.createContextSync();
let endSeen = false;
// What still comes for a program that was cut off is for nobody.
let stopped = false;
let computeMs = DEFAULT_TIMEOUT_MS;
let deadline = Number.POSITIVE_INFINITY;

let held = "";

/**
 * Nothing that reaches this side can change what the language does here. Node's own flag for it
 * freezes far more and makes each start half as long again.
 */
function freezeIntrinsics(): void {
  const language = [Object, Function, Array, String, Number, Boolean, Symbol, BigInt, RegExp, Date];
  const errors = [Error, TypeError, RangeError, SyntaxError];
  const containers = [Map, Set, WeakMap, WeakSet, ArrayBuffer, Uint8Array, DataView, Buffer];
  const intrinsics = [...language, ...errors, ...containers, Promise, Proxy];
  for (const intrinsic of intrinsics) {
    if (intrinsic.prototype) Object.freeze(intrinsic.prototype);
    Object.freeze(intrinsic);
  }
  for (const namespace of [JSON, Math, Reflect]) Object.freeze(namespace);
}

/** Frames of one entry go out together: the host cannot answer before we read again. */
function hold(frame: string): void {
  held += `${frame}\n`;
  // Logs are seen live, and nothing piles up.
  if (frame.startsWith("L") || held.length > 65_536) flush();
}

function flush(): void {
  const bytes = Buffer.from(held);
  held = "";
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) process.exit(0);
    }
  }
}

// The one way out of the isolate.
const callback = new ivm.Callback((frame: string): string | undefined => {
  if (frame.startsWith("?")) return answerGuest(frame);
  if (frame.startsWith("V")) endSeen = true;
  hold(frame);
  return undefined;
});

/** Reads for ever; each line is passed on as it comes. Returns when the host is gone. */
function readLines(onLine: (line: string) => void): void {
  const chunk = Buffer.allocUnsafe(65_536);
  let parts: Buffer[] = [];
  for (let size = readSync(0, chunk); size > 0; size = readSync(0, chunk)) {
    // A view of what was read: a search beyond it would go through all that is left of the chunk.
    const read = chunk.subarray(0, size);
    let start = 0;
    for (let end = read.indexOf(10); end >= 0; end = read.indexOf(10, start)) {
      if (parts.length === 0) onLine(read.toString("utf8", start, end));
      else {
        parts.push(read.subarray(start, end));
        onLine(Buffer.concat(parts).toString("utf8"));
        parts = [];
      }
      start = end + 1;
    }
    if (start < size) parts.push(Buffer.from(read.subarray(start)));
  }
}

/** Enters the guest. What it throws into our hands is a stop, the end of memory, or a rejection nobody handled. */
function enter(receive: IsolatedVm.Reference<(frame: string) => void>, frame: string): void {
  const left = Math.min(computeMs, Math.ceil(deadline - performance.now()));
  const timeout = Math.max(LEAST_MS, left);
  try {
    receive.applySync(undefined, [frame], { timeout });
  } catch (error) {
    if (isolate.isDisposed) process.exit(OUT_OF_MEMORY);
    const message = error instanceof Error ? error.message : "";
    if (message === "Script execution timed out.") {
      // Half a catalog is none; and no program has ended.
      if (frame.startsWith("K")) process.exit(1);
      endSeen = false;
      stopped = true;
      forgetBudget();
      hold("X");
    } else hold(`U${JSON.stringify(message)}`);
  }
  if (endSeen) {
    hold("I");
    forgetBudget();
  }
  endSeen = false;
  if (held !== "") flush();
}

/** A budget is one program's. */
function forgetBudget(): void {
  computeMs = DEFAULT_TIMEOUT_MS;
  deadline = Number.POSITIVE_INFINITY;
}

function startGuest(source: string): IsolatedVm.Reference<(frame: string) => void> {
  type Receive = (frame: string) => void;
  type Start = (write: unknown, importModule: undefined, ask: unknown) => Receive;
  const start: IsolatedVm.Reference<Start> = context.evalSync(source, {
    reference: true,
  });
  const started: IsolatedVm.Reference<Receive> = start.applySync(
    undefined,
    [callback, undefined, callback],
    {
      result: { reference: true },
    },
  );
  return started;
}

let receive: IsolatedVm.Reference<(frame: string) => void> | undefined;
readLines((line) => {
  if (receive === undefined) {
    const source: string = JSON.parse(line);
    receive = startGuest(source);
    hold("I");
    flush();
  } else if (line.startsWith("!")) {
    const comma = line.indexOf(",");
    computeMs = Number(line.slice(1, comma));
    deadline = performance.now() + Number(line.slice(comma + 1));
  } else {
    if (line.startsWith("E")) stopped = false;
    if (!stopped || line.startsWith("K")) enter(receive, line);
  }
});
process.exit(0);
