import type { JsonObject } from "./json.ts";

/** What a server asks the user for in the middle of a call. All texts are the server's: untrusted. */
export type ElicitQuestion = {
  /** Who asks. */
  readonly server: string;
  readonly message: string;
} & (
  | {
      /** A form. `schema` is an object of texts, numbers, booleans and choices, nothing nested. */
      readonly mode: "form";
      readonly schema: JsonObject;
    }
  | {
      /** A page to be opened, for what must not pass through here: passwords, payments, logins. */
      readonly mode: "url";
      readonly url: string;
    }
);

/** `decline` is the user's no, `cancel` is no answer. */
export type ElicitAnswer =
  | { readonly action: "accept"; readonly content?: JsonObject }
  | { readonly action: "decline" | "cancel" };

/** What a server asks the user's model for. `params` are those of MCP's `sampling/createMessage`. */
export interface SampleQuestion {
  readonly server: string;
  readonly params: JsonObject;
}

/** Answers what servers ask. A rejection with a `CodemodeError` ends the call with that error. */
export interface QuestionHandlers {
  readonly onElicit?: (
    question: ElicitQuestion,
    options: { readonly signal: AbortSignal },
  ) => Promise<ElicitAnswer>;
  /** Gives MCP's `CreateMessageResult`: `{ role, content, model }`. */
  readonly onSample?: (
    question: SampleQuestion,
    options: { readonly signal: AbortSignal },
  ) => Promise<JsonObject>;
}
