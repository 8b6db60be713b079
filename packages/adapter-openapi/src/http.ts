// What an adapter needs to talk to services on its own: used by other adapters of this project.
export { readDocumentText } from "./document-text.ts";
export { networkCode } from "./http-faults.ts";
export { createHttpSender } from "./http-sender.ts";
export type { HttpAnswer, HttpSender } from "./http-sender.ts";
export { createTokenFetcher, createTokenStore } from "./oauth-tokens.ts";
export type { TokenStore } from "./oauth-tokens.ts";
export { answerError, sendError } from "./openapi-errors.ts";
export type { Credentials } from "./security.ts";
export type { SecurityScheme } from "./security.ts";
export { readSecuritySchemes } from "./security.ts";
