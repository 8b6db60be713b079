// The public list of this package. Every name added here is a promise.
export { bindServers } from "./bound-server.ts";
export type { BoundServer, BoundTool } from "./bound-server.ts";
export type { Diagnostic } from "./diagnostic.ts";
export { didYouMean, nearestNames } from "./did-you-mean.ts";
export { unknownToolError } from "./tool-lookup.ts";
export { CodemodeError, isCodemodeError } from "./errors.ts";
export type { CodemodeErrorCode, CodemodeErrorOptions } from "./errors.ts";
export { createFunctionAdapter } from "./function-adapter.ts";
export type {
  FunctionAdapterOptions,
  FunctionArgs,
  FunctionTool,
  SchemaObject,
} from "./function-adapter.ts";
export type { JsonObject, JsonSchema, JsonValue } from "./json.ts";
export { escapeTerminalText } from "./terminal-text.ts";
export type { ToolAdapter, ToolListing } from "./tool-adapter.ts";
export type {
  ElicitAnswer,
  ElicitQuestion,
  QuestionHandlers,
  SampleQuestion,
} from "./server-question.ts";
export type { ToolCaller, ToolCallOptions, ToolProgress } from "./tool-caller.ts";
export { assignIdentifiers, canonicalName, nameToIdentifier } from "./tool-name.ts";
export type {
  ContentBlock,
  ToolAnnotations,
  ToolCall,
  ToolDefinition,
  ToolResult,
} from "./tool.ts";
export { toolResultToValue } from "./tool-result.ts";
export { createToolRegistry } from "./tool-registry.ts";
export type {
  ListNamesOptions,
  ListOptions,
  NameListing,
  RegistryChange,
  ServerCheck,
  ServerStatus,
  ToolRegistry,
  ToolRegistryOptions,
} from "./tool-registry.ts";
