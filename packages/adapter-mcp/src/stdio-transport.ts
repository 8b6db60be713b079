import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

import { CodemodeError } from "@codemode/core";
import { endGroup, endGroupAtExit, killGroup } from "@codemode/core/node";
import type { Transport } from "@modelcontextprotocol/client";

import { readLine } from "./broken-reply.ts";
import type { ErrorWords } from "./error-words.ts";
import type { McpServerOptions, StdioServerOptions } from "./mcp-options.ts";
import { MAX_MESSAGE_BYTES } from "./mcp-options.ts";
import { createPendingRequests } from "./pending-requests.ts";
import { exitError, startError, tooLong } from "./process-errors.ts";
import { readLines } from "./read-lines.ts";

/** A transport that can say why its process ended, or what it printed in the protocol's place. */
export interface StdioTransport extends Transport {
  /** Set when the process could not start or has ended. */
  failure(): CodemodeError | undefined;
  /** What was printed on standard output that was no message. */
  junk(): string | undefined;
}

const MAX_STDERR = 4_000;
// What a process wrote before it ended is read for that long; a child of its own may hold the pipe open for ever.
const DRAIN_MS = 200;

/** Starts a server as a process, in a group of its own so that none of its children outlives it. */
export function createStdioTransport(
  server: Pick<McpServerOptions, "maxMessageBytes"> & StdioServerOptions,
  env: Readonly<Record<string, string>>,
  words: ErrorWords,
): StdioTransport {
  const { maxMessageBytes = MAX_MESSAGE_BYTES } = server;
  const pending = createPendingRequests();
  let child: ChildProcess | undefined;
  let failure: CodemodeError | undefined;
  let junk: string | undefined;
  let ending: Promise<void> | undefined;

  /** The first reason is the one that counts. */
  const end = (reason?: CodemodeError): Promise<void> => {
    if (ending) return ending;
    failure = reason;
    ending = child ? endProcess(child) : Promise.resolve();
    transport.onclose?.();
    return ending;
  };
  const transport: StdioTransport = {
    failure: () => failure,
    junk: () => junk,
    async start() {
      child = await startProcess(server, env, words);
      watchProcess(child, words, {
        maxMessageBytes,
        onEnd: (reason) => void end(reason),
        onLine(line) {
          for (const read of readLine(line, pending)) {
            if (read.kind === "junk") junk ??= read.text;
            else {
              pending.answered(read.message);
              transport.onmessage?.(read.message);
            }
          }
        },
      });
    },
    async send(message) {
      if (ending) throw failure ?? closedError(words);
      pending.sent(message);
      child?.stdin?.write(`${JSON.stringify(message)}\n`);
    },
    close: () => end(),
  };
  return transport;
}

async function endProcess(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  await endGroup(child);
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
}

/** Settles when the process runs. */
async function startProcess(
  server: StdioServerOptions,
  env: Readonly<Record<string, string>>,
  words: ErrorWords,
): Promise<ChildProcess> {
  const { command, args = [], cwd } = server;
  const started = Promise.withResolvers<void>();
  try {
    const child = spawn(command, [...args], {
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: "pipe",
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    child.once("spawn", started.resolve);
    child.on("error", started.reject);
    await started.promise;
    unref(child);
    return child;
  } catch (error) {
    throw startError(error, server, words);
  }
}

interface ProcessHandlers {
  readonly maxMessageBytes: number;
  readonly onLine: (line: string) => void;
  readonly onEnd: (reason: CodemodeError) => void;
}

function watchProcess(
  child: ChildProcess,
  words: ErrorWords,
  { maxMessageBytes, onLine, onEnd }: ProcessHandlers,
): void {
  let stderr = "";
  const forget = endGroupAtExit(child);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  if (child.stdout) {
    const onOverflow = (): void => {
      killGroup(child);
      onEnd(tooLong(words, maxMessageBytes));
    };
    readLines(child.stdout, maxMessageBytes, { onLine, onOverflow });
  }
  // A pipe that breaks is a process that ends: its exit tells why.
  child.stdin?.on("error", () => undefined);
  const tellEnd = (code: number | null, signal: string | null): void =>
    onEnd(exitError({ code, signal, stderr }, words));
  child.on("close", tellEnd);
  child.on("exit", (code, signal) => {
    setTimeout(tellEnd, DRAIN_MS, code, signal);
    void endGroup(child).then(forget);
  });
}

function closedError({ server }: ErrorWords): CodemodeError {
  return new CodemodeError("SERVER_UNAVAILABLE", `Server "${server}" was closed.`);
}

/** A quiet server must not keep the program alive; whoever waits for an answer has a timer of its own. */
function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream && "unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}
