import type { CodemodeErrorOptions } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { OperationCatalog } from "./catalog.ts";
import { createOperationCatalog } from "./catalog.ts";
import { networkReason } from "./http-faults.ts";
import type { HttpSender } from "./http-sender.ts";
import { listAt } from "./json-record.ts";
import { documentTitle, loadDocument } from "./load-document.ts";
import type { OpenapiAdapterOptions } from "./openapi-options.ts";
import { TIMEOUT_MS } from "./openapi-options.ts";
import type { Operation } from "./read-operation.ts";
import type { SecurityScheme } from "./security.ts";
import { readSecuritySchemes } from "./security.ts";
import { serverUrl } from "./server-url.ts";

/** A document that has been read and indexed. */
export interface LoadedService {
  readonly catalog: OperationCatalog;
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  /** Where the document came from, if from the web. */
  readonly url: string | undefined;
  readonly title: string | undefined;
}

/** Loads and indexes the document. Rejects like `loadDocument`. */
export async function loadService(
  options: OpenapiAdapterOptions,
  sender: HttpSender,
  signal: AbortSignal,
): Promise<LoadedService> {
  const { document, url } = await loadDocument(options, sender, signal);
  const schemes = readSecuritySchemes(document);
  const catalog = createOperationCatalog(document, { ...options, schemes });
  return { catalog, schemes, url, title: documentTitle(document) };
}

/** The base URL of an operation. Throws `SERVER_UNAVAILABLE` where there is none. */
export function baseUrlOf(
  options: OpenapiAdapterOptions,
  service: LoadedService,
  { servers }: Pick<Operation, "servers">,
): URL {
  const { baseUrl, serverVariables, name } = options;
  const { document } = service.catalog.source;
  const found = serverUrl(document, servers, {
    baseUrl,
    serverVariables,
    documentUrl: service.url,
  });
  if ("url" in found) return found.url;
  const message = `Server "${name}" cannot be called: ${found.problem}.`;
  throw new CodemodeError("SERVER_UNAVAILABLE", message);
}

/** Origins that a redirect may lead to: those of all servers that the operation has. */
export function allowedOrigins(
  options: OpenapiAdapterOptions,
  service: LoadedService,
  { servers }: Pick<Operation, "servers">,
): ReadonlySet<string> {
  const { baseUrl, serverVariables } = options;
  const { document } = service.catalog.source;
  const given = { serverVariables, documentUrl: service.url };
  const urls = [
    serverUrl(document, servers, { ...given, baseUrl }),
    ...(baseUrl === undefined ? servers.map((one) => serverUrl(document, [one], given)) : []),
  ];
  return new Set(urls.flatMap((one) => ("url" in one ? [one.url.origin] : [])));
}

/**
 * Whether an origin may be in a private network: one that was configured, that of the document itself,
 * or one of a document of this machine.
 */
export function isTrustedOrigin(
  options: Pick<OpenapiAdapterOptions, "baseUrl">,
  documentUrl: string | undefined,
  origin: string,
): boolean {
  if (documentUrl === undefined) return true;
  const known = [documentUrl, options.baseUrl].filter((url) => url !== undefined);
  return known.some((url) => URL.canParse(url) && new URL(url).origin === origin);
}

/** Whether the service answers, whatever it says. Rejects with `SERVER_UNAVAILABLE`. */
export async function checkService(
  options: OpenapiAdapterOptions,
  service: LoadedService,
  { sender, signal }: { readonly sender: HttpSender; readonly signal: AbortSignal },
): Promise<void> {
  const { name, timeoutMs = TIMEOUT_MS } = options;
  const servers = listAt(service.catalog.source.document, "servers");
  const url = baseUrlOf(options, service, { servers });
  try {
    await sender.send({
      method: "HEAD",
      url,
      headers: new Headers(),
      body: undefined,
      credentials: { headers: [], query: [], cookies: [] },
      allowedOrigins: new Set(),
      isTrusted: (origin) => isTrustedOrigin(options, service.url, origin),
      maxBytes: 1_000_000,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    // A redirect is an answer.
    if (error instanceof Error && error.name === "RedirectError") return;
    const context: CodemodeErrorOptions = { cause: error, retryable: true };
    const message = `Server "${name}" cannot be reached at ${url.origin} (${networkReason(error)}). Check that it runs and its "base_url".`;
    throw new CodemodeError("SERVER_UNAVAILABLE", message, context);
  }
}
