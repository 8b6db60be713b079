// The public list of this package. Every name added here is a promise.
export { escapeDocText, firstSentence } from "./doc-comment.ts";
export type { Docs, Profile } from "./emit-type.ts";
export { schemaToDeclarations } from "./schema-declarations.ts";
export type { GeneratedText, SchemaDeclarationsOptions } from "./schema-declarations.ts";
