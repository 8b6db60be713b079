import { randomUUID } from "node:crypto";

import { CodemodeError } from "@codemode/core";
import type { SandboxEvent } from "@codemode/sandbox";
import type { InputRequests } from "@modelcontextprotocol/server";

import type { ToolsetResult } from "../toolset-tool.ts";
import type { Question } from "./client-questions.ts";

/** How a run stands: at its end, or waiting for its client. */
type RunState =
  | { readonly result: ToolsetResult }
  | { readonly requestState: string; readonly inputRequests: InputRequests };

/** A call of a meta-tool that may stop, several times, to ask its client something. */
interface AskingRun {
  /** Takes the client's answers to what was asked before. */
  readonly answer: (responses: Readonly<Record<string, unknown>> | undefined) => void;
  /** Settles at the end or at a question, whatever comes first. Aborting the signal ends the run. */
  next(request: RunRequest): Promise<RunState>;
}

/** What the client's present request lends a run. */
interface RunRequest {
  readonly signal: AbortSignal;
  readonly onEvent: (event: SandboxEvent) => void;
}

type Start = (ask: Ask, life: RunRequest) => Promise<ToolsetResult>;

/** The runs that wait for their clients. The same for all connections: the next round may come by another. */
export interface AskingRuns {
  start(run: Start): AskingRun;
  /** The run that gave this state. Throws `INPUT_UNAVAILABLE` where there is none any more. */
  find(requestState: string): AskingRun;
}

/** Asks the client. Rejects when it gives no answer. */
export type Ask = <Answer>(question: Question<Answer>) => Promise<Answer>;

// A client that has not come back by then will not.
const WAIT_MS = 10 * 60_000;

/** No run waits yet. */
export function createAskingRuns(): AskingRuns {
  const waiting = new Map<string, AskingRun>();
  return {
    find(requestState) {
      const run = waiting.get(requestState);
      if (run) return run;
      const message =
        "This answer comes too late: the program that waited for it has ended. Run it again.";
      throw new CodemodeError("INPUT_UNAVAILABLE", message);
    },
    start(run) {
      const id = randomUUID();
      const started = startRun(id, run);
      const next = async (request: RunRequest): Promise<RunState> => {
        waiting.delete(id);
        const state = await started.next(request);
        if ("inputRequests" in state) {
          started.waitFor(() => waiting.delete(id));
          waiting.set(id, { answer: started.answer, next });
        }
        return state;
      };
      return { answer: started.answer, next };
    },
  };
}

interface OpenQuestion {
  isSent: boolean;
  readonly request: InputRequests[string];
  readonly answer: (response: unknown) => void;
  readonly fail: (error: CodemodeError) => void;
}

type StartedRun = AskingRun & { waitFor(onGone: () => void): void };

function startRun(id: string, run: Start): StartedRun {
  const life = new AbortController();
  const open = new Map<string, OpenQuestion>();
  let asked = 0;
  let onQuestion: (() => void) | undefined;
  let onEvent: RunRequest["onEvent"] | undefined;
  let timer: NodeJS.Timeout | undefined;

  const ask: Ask = (question) => {
    const { promise, ...opened } = openQuestion(question);
    asked += 1;
    open.set(`q${asked}`, opened);
    onQuestion?.();
    return promise;
  };
  const tell = (event: SandboxEvent): void => onEvent?.(event);
  const result = run(ask, { signal: life.signal, onEvent: tell }).then((ended): RunState => ({
    result: ended,
  }));
  // Whoever waits for the next state hears of it.
  result.catch(() => undefined);

  return {
    answer(responses = {}) {
      for (const [key, question] of open) {
        // One that came up since is still to be sent.
        if (!question.isSent) continue;
        open.delete(key);
        if (responses[key] === undefined) question.fail(notAnswered());
        else question.answer(responses[key]);
      }
    },
    async next(present) {
      const { signal } = present;
      clearTimeout(timer);
      ({ onEvent } = present);
      const end = (): void => life.abort(signal.reason);
      if (signal.aborted) end();
      signal.addEventListener("abort", end, { once: true });
      const question = Promise.withResolvers<undefined>();
      onQuestion = () => question.resolve(undefined);
      if (open.size > 0) onQuestion();
      try {
        const ended = await Promise.race([result, question.promise]);
        if (ended) return ended;
        return { requestState: id, inputRequests: requestsOf(open) };
      } finally {
        onQuestion = undefined;
        signal.removeEventListener("abort", end);
      }
    },
    waitFor(onGone) {
      timer = setTimeout(() => {
        onGone();
        life.abort(notAnswered());
      }, WAIT_MS).unref();
    },
  };
}

function openQuestion<Answer>({
  request,
  read,
}: Question<Answer>): OpenQuestion & { readonly promise: Promise<Answer> } {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const answer = (response: unknown): void => {
    try {
      resolve(read(response));
    } catch (error) {
      reject(notAnswered(error));
    }
  };
  return { request, answer, fail: reject, promise, isSent: false };
}

function requestsOf(open: ReadonlyMap<string, OpenQuestion>): InputRequests {
  for (const question of open.values()) question.isSent = true;
  return Object.fromEntries([...open].map(([key, { request }]) => [key, request]));
}

function notAnswered(cause?: unknown): CodemodeError {
  const message = "the connected client gave no answer that can be used";
  return new CodemodeError("INPUT_UNAVAILABLE", message, { cause });
}
