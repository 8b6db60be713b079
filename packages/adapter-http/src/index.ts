// The public list of this package. Every name added here is a promise.
export { createHttpAdapter } from "./http-adapter.ts";
export type {
  HttpAdapterOptions,
  HttpAuth,
  HttpBody,
  HttpEndpoint,
  HttpParameter,
  HttpPathEndpoint,
  HttpResponse,
} from "./http-options.ts";
