// The public list of this package. Every name added here is a promise.
export type { AdapterSkillListing, AdapterSkills } from "./adapter-skills.ts";
export { argumentsError, unknownArguments } from "./arguments-error.ts";
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
  FunctionRunOptions,
  FunctionTool,
} from "./function-adapter.ts";
export type { SchemaObject } from "./function-schema.ts";
export { toolsFromAiSdk } from "./frameworks/ai-sdk-tools.ts";
export type { AiSdkTool } from "./frameworks/ai-sdk-tools.ts";
export type { ForeignToolOptions } from "./frameworks/foreign-tool.ts";
export { toolsFromLangChain } from "./frameworks/langchain-tools.ts";
export type { LangChainTool } from "./frameworks/langchain-tools.ts";
export { toolsFromMastra } from "./frameworks/mastra-tools.ts";
export type { MastraTool } from "./frameworks/mastra-tools.ts";
export { isRecord } from "./is-record.ts";
export type { JsonObject, JsonSchema, JsonValue } from "./json.ts";
export { parseJson } from "./parse-json.ts";
export { retryAfterSeconds } from "./retry-after.ts";
export { secretsByName } from "./secret-names.ts";
export { createRedactor } from "./redactor.ts";
export type { Redactor } from "./redactor.ts";
export { escapeTerminalText } from "./terminal-text.ts";
export type { ToolAdapter, ToolListing } from "./tool-adapter.ts";
export type {
  ElicitAnswer,
  ElicitQuestion,
  QuestionHandlers,
  SampleQuestion,
} from "./server-question.ts";
export type { ToolCaller, ToolCallOptions, ToolProgress } from "./tool-caller.ts";
export { parseTextTemplate, placeholdersOf } from "./text-template.ts";
export type { TextTemplate } from "./text-template.ts";
export { assignIdentifiers, canonicalName, nameToIdentifier } from "./tool-name.ts";
export type {
  ContentBlock,
  ToolAnnotations,
  ToolCall,
  ToolDefinition,
  ToolResult,
} from "./tool.ts";
export { toolResultToValue } from "./tool-result.ts";
export type { OnToolChange } from "./tool-pins.ts";
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
export { schemaProblem } from "./schema-problem.ts";
export type { SchemaIssue } from "./schema-problem.ts";
export { createCallDeadline } from "./call-deadline.ts";
export type { CallDeadline } from "./call-deadline.ts";
export { createPauses } from "./pauses.ts";
export type { PauseHooks } from "./pauses.ts";
export { withRedaction } from "./with-redaction.ts";
