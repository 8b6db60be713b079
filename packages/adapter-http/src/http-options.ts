import type { JsonSchema, JsonValue, ToolAnnotations } from "@codemode/core";

/** What is said of a placeholder. */
export interface HttpParameter {
  /** Default `string`. */
  readonly type?: "string" | "integer" | "number" | "boolean" | "array" | "object" | undefined;
  readonly description?: string | undefined;
  /** The only values there are; of an array, the only items. */
  readonly enum?: readonly (string | number)[] | undefined;
  readonly default?: JsonValue | undefined;
  /** Default: true where there is no `default`. */
  readonly required?: boolean | undefined;
}

/** What a request carries: exactly one of the three. */
export interface HttpBody {
  /** A text that is one placeholder becomes its value, of whatever type. */
  readonly json?: JsonValue | undefined;
  readonly form?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly text?: string | undefined;
}

/** What is made of an answer. */
export interface HttpResponse {
  /** Default: JSON where the service says so, otherwise text. */
  readonly type?: "json" | "text" | undefined;
  /** A JSON pointer to the part that is the value: `/data/items`. */
  readonly pick?: string | undefined;
  /** Of the value; it types the result for programs. */
  readonly schema?: JsonSchema | undefined;
}

/** One request as a tool. Texts are templates: `{name}` is an argument, `{{` a brace. */
export interface HttpEndpoint {
  /** Default `GET`; with a body `POST`. */
  readonly method?: string | undefined;
  readonly description?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly body?: HttpBody | undefined;
  readonly params?: Readonly<Record<string, HttpParameter>> | undefined;
  readonly response?: HttpResponse | undefined;
  readonly annotations?: ToolAnnotations | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** An endpoint below the base URL. */
export interface HttpPathEndpoint extends HttpEndpoint {
  /** Begins with `/`. */
  readonly path: string;
}

/** How a service knows its caller: exactly one of the three. */
export interface HttpAuth {
  readonly bearer?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  readonly apiKey?:
    | {
        readonly value: string;
        /** Exactly one of both: where it is sent. */
        readonly header?: string | undefined;
        readonly query?: string | undefined;
      }
    | undefined;
}

/** What `createHttpAdapter` takes: one request, several below one URL, or both. */
export interface HttpAdapterOptions extends HttpEndpoint {
  /** The server's name in the catalog, and that of the tool of `url`. */
  readonly name: string;
  /** The request of that tool. Scheme and host hold no placeholder. */
  readonly url?: string | undefined;
  /** Where the paths of `endpoints` begin. */
  readonly baseUrl?: string | undefined;
  readonly endpoints?: Readonly<Record<string, HttpPathEndpoint>> | undefined;
  readonly auth?: HttpAuth | undefined;
  /** Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Of an answer, decompressed; more is an error. Default 2 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Values that no message may show, beside those of `auth`. */
  readonly secrets?: readonly string[] | undefined;
}
