import type { ElicitAnswer, JsonObject, QuestionHandlers } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { InputRequests, Server, ServerContext } from "@modelcontextprotocol/server";
import { CLIENT_CAPABILITIES_META_KEY, inputRequired } from "@modelcontextprotocol/server";
import { z } from "zod";

import type { Ask } from "./asking-runs.ts";

/** A question for the client, and how its answer is read. */
export interface Question<Answer> {
  readonly request: InputRequests[string];
  /** Throws where it is none. */
  readonly read: (response: unknown) => Answer;
}

const elicitAnswer = z.union([
  z.object({
    action: z.literal("accept"),
    content: z.record(z.string(), z.json()).exactOptional(),
  }),
  z.object({ action: z.enum(["decline", "cancel"]) }),
]);
const sampleAnswer = z
  .record(z.string(), z.json())
  .refine((answer) => typeof answer["role"] === "string");

/** What a client says it can be asked. */
export interface AskableCapabilities {
  readonly elicitation?: { readonly form?: object; readonly url?: object } | undefined;
  readonly sampling?: object | undefined;
}

const present = z.looseObject({});
const capabilitiesSchema = z.object({
  elicitation: z.object({ form: present.exactOptional(), url: present.exactOptional() }).optional(),
  sampling: present.optional(),
});
const envelopeSchema = z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: capabilitiesSchema });

/** From the request itself where the era has it there, otherwise from the handshake. */
export function capabilitiesOf({ mcpReq }: ServerContext, server: Server): AskableCapabilities {
  const { data } = envelopeSchema.safeParse(mcpReq.envelope);
  if (data) return data[CLIENT_CAPABILITIES_META_KEY];
  const { elicitation, sampling } = server.getClientCapabilities() ?? {};
  return capabilitiesSchema.parse({ elicitation, sampling });
}

/** What servers ask goes to the connected client, as far as it can be asked. */
export function askClient(
  { elicitation, sampling }: AskableCapabilities,
  ask: Ask,
): QuestionHandlers {
  return {
    async onElicit(question) {
      const name = question.mode === "url" ? "elicitation.url" : "elicitation";
      const isForms = elicitation?.form !== undefined || elicitation?.url === undefined;
      const canAsk = elicitation && (question.mode === "url" ? elicitation.url : isForms);
      if (!canAsk) throw missing(name);
      const message = `${question.server}: ${question.message}`;
      return ask<ElicitAnswer>({
        request:
          question.mode === "url"
            ? inputRequired.elicitUrl({ message, url: question.url })
            : inputRequired.elicit({ message, requestedSchema: toSchema(question.schema) }),
        read: (response) => elicitAnswer.parse(response),
      });
    },
    async onSample({ params }) {
      if (!sampling) throw missing("sampling");
      return ask<JsonObject>({
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server's own request, which the adapter's SDK has checked
        request: inputRequired.createMessage(params as never),
        read: (response) => sampleAnswer.parse(response),
      });
    },
  };
}

type FormSchema = Parameters<typeof inputRequired.elicit>[0]["requestedSchema"];

function toSchema(schema: JsonObject): FormSchema {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server's own schema, which the adapter's SDK has checked
  return schema as unknown as FormSchema;
}

function missing(capability: string): CodemodeError {
  const message = `the connected MCP client has no "${capability}" capability`;
  return new CodemodeError("INPUT_UNAVAILABLE", message);
}

/** For adapters: servers are told that they may ask, and what is asked outside of a client's call is refused. */
export const ASK_THE_CLIENT: Required<QuestionHandlers> = {
  onElicit: () => Promise.reject(noClient()),
  onSample: () => Promise.reject(noClient()),
};

function noClient(): CodemodeError {
  const message = "it was not asked during a call of a connected MCP client";
  return new CodemodeError("INPUT_UNAVAILABLE", message);
}
