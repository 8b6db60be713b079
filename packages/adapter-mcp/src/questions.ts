import { pathToFileURL } from "node:url";

import type {
  CallDeadline,
  ElicitQuestion,
  JsonObject,
  QuestionHandlers,
  ToolCallOptions,
  ToolResult,
} from "@codemode/core";
import { CodemodeError, createCallDeadline, isCodemodeError } from "@codemode/core";
import type { Client, ClientCapabilities } from "@modelcontextprotocol/client";
import { z } from "zod";

import type { ErrorWords } from "./error-words.ts";
import type { McpServerOptions } from "./mcp-options.ts";

/** A call that may be asked something. */
interface AskedCall {
  readonly tool: string;
  readonly handlers: QuestionHandlers;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Stops the clocks of whoever made the call. */
  readonly pause: ToolCallOptions["pause"];
}

interface OpenCall extends AskedCall {
  readonly deadline: CallDeadline;
  /** Why a question of it was not answered. */
  refusal?: CodemodeError;
}

/** What a server may ask while its tools run, and who answers. */
export interface Questions {
  /** What the server is told that it may ask. */
  readonly capabilities: ClientCapabilities;
  /** Answers what the server of this client asks. */
  listen(client: Client): void;
  /**
   * Runs a call until its time is up: what is asked meanwhile is asked whoever made the latest call.
   * The time until the answer is not the server's, so it does not count.
   */
  during(call: AskedCall, run: (signal: AbortSignal) => Promise<ToolResult>): Promise<ToolResult>;
}

const formParams = z.looseObject({
  mode: z.literal("form").default("form"),
  message: z.string(),
  requestedSchema: z.record(z.string(), z.json()),
});
const urlParams = z.looseObject({ mode: z.literal("url"), message: z.string(), url: z.url() });
const elicitParams = z.union([urlParams, formParams]);
const sampleParams = z.record(z.string(), z.json());

/** Nothing is asked yet. */
export function createQuestions(options: McpServerOptions, words: ErrorWords): Questions {
  const open = new Set<OpenCall>();
  const { onElicit, onSample, roots } = options;

  const answerWith = async <Answer>(
    kind: keyof QuestionHandlers,
    what: string,
    answer: (handlers: QuestionHandlers) => Promise<Answer> | undefined,
  ): Promise<Answer> => {
    // The older era does not say which call it is that a question belongs to.
    const call = [...open].findLast(({ handlers }) => handlers[kind]) ?? [...open].at(-1);
    // Nor does it say which calls wait for the answer, so all may.
    const goOn = [...open].flatMap(({ deadline, pause }) => [deadline.pause(), pause?.()]);
    try {
      const given = answer({ onElicit, onSample, ...defined(call?.handlers) });
      if (given) return await given;
      throw new CodemodeError("INPUT_UNAVAILABLE", "nobody here can answer it");
    } catch (error) {
      const refusal = refused(error, `"${call?.tool ?? words.server}" asks for ${what}`);
      if (call) call.refusal = refusal;
      throw refusal;
    } finally {
      for (const resume of goOn) resume?.();
    }
  };
  return {
    capabilities: toCapabilities(options),
    listen(client) {
      if (onElicit)
        client.setRequestHandler("elicitation/create", async ({ params }, { mcpReq }) => {
          const question = toQuestion(words.server, params);
          const what = `input (${JSON.stringify(words.redact(question.message))})`;
          const answer = await answerWith("onElicit", what, (handlers) =>
            handlers.onElicit?.(question, { signal: mcpReq.signal }),
          );
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK checks it against the server's schema
          return { ...answer } as { action: "accept" };
        });
      if (onSample)
        client.setRequestHandler("sampling/createMessage", async ({ params }, { mcpReq }) => {
          const question = { server: words.server, params: sampleParams.parse(params) };
          const answer = await answerWith("onSample", "an answer of the model", (handlers) =>
            handlers.onSample?.(question, { signal: mcpReq.signal }),
          );
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK checks it against the protocol's schema
          return { ...answer } as never;
        });
      if (roots) client.setRequestHandler("roots/list", () => ({ roots: roots.map(toRoot) }));
    },
    during: (call, run) => runAsked(open, call, run),
  };
}

async function runAsked(
  open: Set<OpenCall>,
  asked: AskedCall,
  run: (signal: AbortSignal) => Promise<ToolResult>,
): Promise<ToolResult> {
  const deadline = createCallDeadline(asked.timeoutMs, asked.signal);
  const call: OpenCall = { ...asked, deadline };
  open.add(call);
  try {
    const result = await run(deadline.signal);
    if (result.isError === true && call.refusal) throw call.refusal;
    return result;
  } catch (error) {
    throw call.refusal ?? error;
  } finally {
    open.delete(call);
    deadline.end();
  }
}

function toCapabilities({ onElicit, onSample, roots }: McpServerOptions): ClientCapabilities {
  return {
    ...(onElicit ? { elicitation: { form: { applyDefaults: true }, url: {} } } : {}),
    ...(onSample ? { sampling: {} } : {}),
    ...(roots ? { roots: {} } : {}),
  };
}

function toQuestion(server: string, params: unknown): ElicitQuestion {
  const read = elicitParams.parse(params);
  const { message } = read;
  if (read.mode === "url") return { server, message, mode: "url", url: read.url };
  const schema: JsonObject = read.requestedSchema;
  return { server, message, mode: "form", schema };
}

function toRoot(root: string): { uri: string } {
  return { uri: root.startsWith("file://") ? root : pathToFileURL(root).href };
}

function refused(error: unknown, beginning: string): CodemodeError {
  if (isCodemodeError(error) && error.code !== "INPUT_UNAVAILABLE") return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${beginning}, but ${reason.replace(/\.$/, "")}.`;
  return new CodemodeError("INPUT_UNAVAILABLE", message, { cause: error });
}

function defined({ onElicit, onSample }: QuestionHandlers = {}): QuestionHandlers {
  return { ...(onElicit ? { onElicit } : {}), ...(onSample ? { onSample } : {}) };
}
