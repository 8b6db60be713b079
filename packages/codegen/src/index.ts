// The public list of this package. Every name added here is a promise.
export { escapeDocText, firstSentence } from "./doc-comment.ts";
export type { Docs, Profile } from "./type-printer.ts";
export { estimateTokens } from "./estimate-tokens.ts";
export { schemaToDeclarations } from "./schema-declarations.ts";
export type { GeneratedText, SchemaDeclarationsOptions } from "./schema-declarations.ts";
export { bindingModule, serverDeclarations, toolDeclaration } from "./server-declarations.ts";
export type { DeclarationOptions } from "./server-declarations.ts";
export { toolSignature } from "./tool-signature.ts";
