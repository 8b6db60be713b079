import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

import { CodemodeError } from "@codemode/core";
import type { Transport } from "@modelcontextprotocol/client";

import type { ErrorWords } from "./mcp-errors.ts";
import type { StdioServerOptions } from "./mcp-options.ts";
import { readMessages } from "./read-messages.ts";

/** A transport that can say why its process ended, or what it printed in the protocol's place. */
export interface StdioTransport extends Transport {
  /** Set when the process could not start or has ended. */
  failure(): CodemodeError | undefined;
  /** A line on standard output that was no message. */
  junk(): string | undefined;
}

const running = new Set<ChildProcess>();
// A host that ends without closing its adapters takes its servers with it, unless it is killed.
const endAll = (): void => {
  for (const child of running) killGroup(child, "SIGTERM");
};

// What a process gets to end by itself when it is asked to.
const TERM_MS = 2_000;
const MAX_STDERR = 4_000;

/** Starts a server as a process, in a group of its own so that none of its children outlives it. */
export function createStdioTransport(
  server: StdioServerOptions,
  env: Readonly<Record<string, string>>,
  words: ErrorWords,
): StdioTransport {
  let child: ChildProcess | undefined;
  let failure: CodemodeError | undefined;
  let junk: string | undefined;
  let isClosing = false;
  const ended = Promise.withResolvers<void>();

  const end = (error: CodemodeError): void => {
    failure ??= error;
    ended.resolve();
    transport.onclose?.();
  };
  const transport: StdioTransport = {
    failure: () => (isClosing ? undefined : failure),
    junk: () => junk,
    async start() {
      child = startProcess(server, env);
      readMessages(child.stdout, {
        onMessage: (message) => transport.onmessage?.(message),
        onJunk: (line) => (junk ??= line),
        onOverflow: (bytes) => {
          end(tooLong(words, bytes));
          killGroup(child, "SIGKILL");
        },
      });
      await watchProcess(child, { server, words, end });
    },
    async send(message) {
      if (failure) throw failure;
      child?.stdin?.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      isClosing = true;
      if (!child || failure) return;
      child.stdin?.end();
      killGroup(child, "SIGTERM");
      const timer = setTimeout(() => killGroup(child, "SIGKILL"), TERM_MS);
      await ended.promise;
      clearTimeout(timer);
    },
  };
  return transport;
}

function startProcess(
  { command, args = [], cwd }: StdioServerOptions,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const child = spawn(command, [...args], {
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: "pipe",
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  unref(child);
  if (running.size === 0) process.once("exit", endAll);
  running.add(child);
  child.once("close", () => {
    running.delete(child);
    if (running.size === 0) process.off("exit", endAll);
  });
  return child;
}

interface ProcessContext {
  readonly server: StdioServerOptions;
  readonly words: ErrorWords;
  readonly end: (error: CodemodeError) => void;
}

/** Settles when the process runs or cannot; `end` is called when it has ended. */
function watchProcess(child: ChildProcess, { server, words, end }: ProcessContext): Promise<void> {
  const started = Promise.withResolvers<void>();
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  // A pipe that breaks is a process that ends: its exit tells why.
  child.stdin?.on("error", () => undefined);
  child.on("spawn", () => started.resolve());
  child.on("error", (error) => {
    const reason = startError(error, server, words);
    started.reject(reason);
    end(reason);
  });
  child.on("close", (code, signal) => end(exitError({ code, signal, stderr }, words)));
  return started.promise;
}

function tooLong({ server }: ErrorWords, bytes: number): CodemodeError {
  const message = `Server "${server}" sent a message of over ${bytes} bytes and was stopped. Ask the tool for less.`;
  return new CodemodeError("SERVER_PROTOCOL", message);
}

/** A quiet server must not keep the program alive; whoever waits for an answer has a timer of its own. */
function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream && "unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}

function killGroup(child: ChildProcess | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (child?.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function startError(error: Error, { cwd }: StdioServerOptions, words: ErrorWords): CodemodeError {
  const code = "code" in error ? String(error.code) : "";
  const shown = JSON.stringify(words.place);
  const where = cwd === undefined ? "" : ' Check also that its "cwd" exists.';
  const why =
    code === "ENOENT"
      ? `command ${shown} was not found. Install it, or correct "command".${where}`
      : `command ${shown} cannot be run (${code}).`;
  return new CodemodeError("SERVER_UNAVAILABLE", `Server "${words.server}" cannot start: ${why}`, {
    cause: error,
  });
}

interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

function exitError({ code, signal, stderr }: ProcessEnd, words: ErrorWords): CodemodeError {
  const how = signal === null ? `with code ${code ?? "unknown"}` : `by ${signal}`;
  const said = words.redact(lastLines(stderr));
  const message = `Server "${words.server}" ended ${how}${said === "" ? ", without a word" : `: ${said}`}`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { retryable: true });
}

/** The lines that say why: those that look like an error, or the last ones. Stack frames name places on this machine. */
function lastLines(stderr: string): string {
  const lines = stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at |^node:|^Node\.js v/.test(line));
  const error = lines.findLast((line) => /error/i.test(line));
  return error ?? lines.slice(-2).join(" ");
}
