// The public list of this package. Every name added here is a promise.
export { createToolIndex } from "./tool-index.ts";
export type { ToolHit, ToolIndex, ToolSearchOptions, ToolSearchResult } from "./tool-index.ts";
export { createTextIndex, toTextDocument } from "./text-index.ts";
export type { TextDocument, TextFields, TextIndex, TextSearchOptions } from "./text-index.ts";
export type { FieldRules } from "./postings.ts";
