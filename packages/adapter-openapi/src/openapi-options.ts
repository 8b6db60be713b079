/** What is known for one of the document's security schemes. A text is the key of an `apiKey`, or the token of any other. */
export type OpenapiCredential =
  | string
  | { readonly username: string; readonly password: string }
  | {
      /** For the OAuth 2 flow `clientCredentials`; the token is fetched, kept until it expires and renewed. */
      readonly clientId: string;
      readonly clientSecret: string;
      /** Default: all that the operation asks for. */
      readonly scopes?: readonly string[];
      /** Default: the one of the document. */
      readonly tokenUrl?: string;
    };

/** Picks operations: all keys that are given have to match. */
export interface OperationFilter {
  /** One of the operation's tags. */
  readonly tag?: string;
  /** Glob on the path as the document spells it: `/pets/**`. */
  readonly path?: string;
  /** Glob on the operationId. */
  readonly operationId?: string;
  /** In any case: `get`. */
  readonly method?: string;
}

/** What `createOpenapiAdapter` takes. */
export interface OpenapiAdapterOptions {
  /** The server's name in the catalog. */
  readonly name: string;
  /** The OpenAPI 3.0, 3.1 or Swagger 2 document: a file's path, a URL, or the object. */
  readonly spec: string | Readonly<Record<string, unknown>>;
  /** Where relative paths of `spec` start. Default: the process's folder. */
  readonly specFolder?: string;
  /** Where a `spec` that is an object was loaded from, if from the web: its servers are judged by it. */
  readonly specUrl?: string;
  /** One line for people and models. Default: the document's title. */
  readonly description?: string;
  /** Where all requests go, in place of the document's servers. */
  readonly baseUrl?: string;
  /** Values of the variables in the document's server URLs. Default: the document's. */
  readonly serverVariables?: Readonly<Record<string, string>>;
  /** Credentials by the names of the document's security schemes. */
  readonly auth?: Readonly<Record<string, OpenapiCredential>>;
  /** Sent with every request; never to another origin that a redirect names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Operations that become tools. Default: all. */
  readonly include?: readonly OperationFilter[];
  /** Operations that do not, though included. */
  readonly exclude?: readonly OperationFilter[];
  /** For a call with all its redirects and retries, and for loading the document. Default 30 000. */
  readonly timeoutMs?: number;
  /** How often a GET, HEAD, PUT or DELETE is sent again after 429, 502, 503, 504 or a lost connection. Default 0. */
  readonly retries?: number;
  /** Of one answer, decompressed. Default 16 MiB. */
  readonly maxResponseBytes?: number;
  /** Of the document. Default 64 MiB. */
  readonly maxDocumentBytes?: number;
  /** Further values that no message may show. Shorter ones than six characters are words, not secrets. */
  readonly secrets?: readonly string[];
}

/** The longest answer that is read where the options name no other. */
export const MAX_RESPONSE_BYTES: number = 16 * 1024 * 1024;
/** The longest document that is read where the options name no other. */
export const MAX_DOCUMENT_BYTES: number = 64 * 1024 * 1024;
/** For a call, and for loading the document. */
export const TIMEOUT_MS = 30_000;
