// The public list of this package. Every name added here is a promise.
export { createOpenapiAdapter } from "./openapi-adapter.ts";
export type {
  OpenapiAdapterOptions,
  OpenapiCredential,
  OperationFilter,
} from "./openapi-options.ts";
