// The child process around one context: a pump between a pipe and the guest, on Node's own event
// loop. It understands nothing but the budget line and when a program begins and ends.
import { Socket } from "node:net";
import * as vm from "node:vm";

import { answerGuest } from "./answer-guest.ts";
import { closeGaps } from "./close-gaps.ts";
import {
  adaptProcess,
  createGuestContext,
  createSealedContext,
  sealFunction,
} from "./guest-context.ts";
import { hidePlaces } from "./hide-places.ts";
import { installHostStacks } from "./host-stacks.ts";
import { createImporter } from "./workspace-imports.ts";

type Receive = (frame: string) => void;

// `sealed`: programs get nothing of Node.
const [, , workspace = process.cwd(), apis = "node"] = process.argv;
const sealed = apis === "sealed";
const DEFAULT_TIMEOUT_MS = 5_000;
// What is told at the deadline is heard to its end: cut off half way, the rest would run in the next program.
const LEAST_MS = 20;
const exit = process.exit.bind(process);
const nextTick = process.nextTick.bind(process);
const later = setImmediate;
const pipe = new Socket({ fd: 3 });
const context = sealed ? createSealedContext() : createGuestContext(workspace);

let receive: Receive | undefined;
let computeMs = DEFAULT_TIMEOUT_MS;
let deadline = Number.POSITIVE_INFINITY;
let entered = false;
let endSeen = false;
// What a program that was cut off still says belongs to nobody.
let muted = false;
let held = "";

/** Frames of one turn go out together. */
function hold(frame: string): void {
  if (held === "" && !entered) nextTick(flush);
  held += `${frame}\n`;
  // Logs are seen live, and nothing piles up.
  if (frame.startsWith("L") || held.length > 65_536) flush();
}

function flush(): void {
  if (held !== "") pipe.write(held);
  held = "";
}

function write(frame: string): void {
  if (muted) return;
  hold(frame);
  if (!frame.startsWith("V")) return;
  endSeen = true;
  // Whoever ended outside of an entry is at rest when all that waits has run.
  if (!entered) later(tellRest);
}

function tellRest(): void {
  if (endSeen) {
    hold("I");
    forgetBudget();
  }
  endSeen = false;
}

/** A budget is one program's. */
function forgetBudget(): void {
  computeMs = DEFAULT_TIMEOUT_MS;
  deadline = Number.POSITIVE_INFINITY;
}

function tellUnhandled(reason: unknown): void {
  let text = "an error that cannot be shown";
  try {
    const isObject = typeof reason === "object" && reason !== null;
    text = String(isObject && "message" in reason ? reason.message : reason);
  } catch {
    // The program made it so; the text above is all there is to say.
  }
  hold(`U${JSON.stringify(text)}`);
}

// Runs what is queued. Where it is, the engine's timeout covers what comes after an `await` too;
// where it is not, only the host's kill does.
const runQueued: unknown = Reflect.get(process, "_tickCallback");
let frames: readonly string[] = [];
Reflect.defineProperty(globalThis, "codemodeEnter", {
  value() {
    for (let at = 0; at < frames.length; at += 1) {
      receive?.(frames[at] ?? "");
      if (typeof runQueued === "function") Reflect.apply(runQueued, process, []);
    }
  },
});
const entry = new vm.Script("codemodeEnter()");

/** Enters the guest, which the engine stops when its time is up. Each time costs a thread. */
function enter(...given: readonly string[]): void {
  frames = given;
  const left = Math.min(computeMs, Math.ceil(deadline - performance.now()));
  const timeout = Math.max(LEAST_MS, left);
  entered = true;
  try {
    entry.runInThisContext({ timeout });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      // Half a catalog is none; and no program has ended.
      if (given[0]?.startsWith("K")) exit(1);
      endSeen = false;
      muted = true;
      forgetBudget();
      hold("X");
    } else tellUnhandled(error);
  }
  tellRest();
  entered = false;
  flush();
}

type StartGuest = (write: Receive, importModule: unknown, ask: unknown) => Receive;

function start(source: string): void {
  const startGuest: StartGuest = vm.runInContext(source, context);
  if (sealed) {
    receive = startGuest(
      sealFunction(context, write),
      undefined,
      sealFunction(context, answerGuest),
    );
  } else {
    receive = startGuest(write, createImporter(workspace), undefined);
    adaptProcess(context);
    closeGaps();
    hidePlaces(workspace);
    installHostStacks(context, workspace);
  }
  hold("I");
}

function onLine(text: string): void {
  if (receive === undefined) {
    const source: string = JSON.parse(text);
    start(source);
  } else if (text.startsWith("!")) {
    const comma = text.indexOf(",");
    computeMs = Number(text.slice(1, comma));
    deadline = performance.now() + Number(text.slice(comma + 1));
  } else {
    if (text.startsWith("E")) muted = false;
    // What still comes for a program that was cut off is for nobody.
    if (!muted || text.startsWith("K")) enter(text);
  }
}

/** Wakes come many at a time. */
function onLines(lines: readonly string[]): void {
  let wakes: string[] = [];
  const enterWakes = (): void => {
    if (wakes.length > 0 && !muted) enter(...wakes);
    wakes = [];
  };
  for (const text of lines) {
    if (text.startsWith("T")) wakes.push(text);
    else {
      enterWakes();
      onLine(text);
    }
  }
  enterWakes();
}

let parts: string[] = [];
pipe.setEncoding("utf8");
pipe.on("data", (chunk: string) => {
  parts.push(chunk);
  if (!chunk.includes("\n")) return;
  const lines = parts.join("").split("\n");
  parts = [lines.pop() ?? ""];
  onLines(lines);
});
// The host is gone.
pipe.on("close", () => exit(0));
pipe.on("error", () => exit(0));
process.on("unhandledRejection", tellUnhandled);
process.on("uncaughtException", tellUnhandled);
