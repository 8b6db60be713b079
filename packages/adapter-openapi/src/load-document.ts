import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { CodemodeError } from "@codemode/core";

import { AnswerTooLargeError, networkCode, networkReason } from "./http-faults.ts";
import type { HttpAnswer, HttpSender } from "./http-sender.ts";
import type { JsonRecord } from "./json-record.ts";
import { isRecord } from "./json-record.ts";
import type { OpenapiAdapterOptions } from "./openapi-options.ts";
import { MAX_DOCUMENT_BYTES, TIMEOUT_MS } from "./openapi-options.ts";
import type { DocumentPlace } from "./parse-document.ts";
import { checkSpecObject, parseSpecText } from "./parse-document.ts";

/** A document, and where it came from if that is the web. */
export interface LoadedDocument {
  readonly document: JsonRecord;
  readonly url?: string;
}

type LoadOptions = Pick<
  OpenapiAdapterOptions,
  "name" | "spec" | "specFolder" | "maxDocumentBytes" | "timeoutMs"
>;

/** Reads the document. Rejects with a `CodemodeError` that names the place and the next step. */
export async function loadDocument(
  options: LoadOptions,
  sender: HttpSender,
  signal: AbortSignal,
): Promise<LoadedDocument> {
  const { name: server, spec } = options;
  if (typeof spec !== "string") {
    const from = { server, place: "the given object" };
    return { document: checkSpecObject(spec, from) };
  }
  if (!/^https?:/i.test(spec)) {
    return { document: parseSpecText(await readSpecFile(options, spec), { server, place: spec }) };
  }
  if (!URL.canParse(spec)) throw missing({ server, place: spec }, "is no URL", undefined);
  return fetchDocument(options, new URL(spec), { sender, signal });
}

async function readSpecFile(options: LoadOptions, spec: string): Promise<string> {
  const {
    name: server,
    specFolder = process.cwd(),
    maxDocumentBytes = MAX_DOCUMENT_BYTES,
  } = options;
  const from = { server, place: spec };
  const path = spec.startsWith("file:") ? fileURLToPath(spec) : resolve(specFolder, spec);
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > maxDocumentBytes) throw tooLong(from, maxDocumentBytes);
    return await file.readFile("utf8");
  } catch (error) {
    if (error instanceof CodemodeError) throw error;
    const code = networkCode(error) ?? "it cannot be read";
    throw missing(from, code === "ENOENT" ? "is not there" : `cannot be read (${code})`, error);
  }
}

interface FetchContext {
  readonly sender: HttpSender;
  readonly signal: AbortSignal;
}

async function fetchDocument(
  options: LoadOptions,
  url: URL,
  { sender, signal }: FetchContext,
): Promise<LoadedDocument> {
  const { name: server, timeoutMs = TIMEOUT_MS, maxDocumentBytes = MAX_DOCUMENT_BYTES } = options;
  const from = { server, place: url.origin + url.pathname };
  const timeout = AbortSignal.timeout(timeoutMs);
  const answer = await fetchSpec(url, {
    sender,
    signal: AbortSignal.any([signal, timeout]),
    maxBytes: maxDocumentBytes,
  }).catch((error: unknown) => {
    throw fetchError(error, from, { signal, timeout, timeoutMs });
  });
  if (answer.status >= 400 || answer.status < 200)
    throw missing(from, `cannot be loaded (HTTP ${answer.status})`, undefined);
  const text = new TextDecoder().decode(answer.bytes);
  return { document: parseSpecText(text, from), url: answer.url.href };
}

/** User and password of a URL go into a header; redirects may lead anywhere that is public, without them. */
function fetchSpec(
  url: URL,
  { sender, signal, maxBytes }: FetchContext & { readonly maxBytes: number },
): Promise<HttpAnswer> {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const basic = ["authorization", `Basic ${Buffer.from(pair).toString("base64")}`] as const;
  return sender.send({
    method: "GET",
    url: bare,
    headers: new Headers({ accept: "application/json, application/yaml;q=0.9, */*;q=0.5" }),
    body: undefined,
    credentials: { headers: pair === ":" ? [] : [basic], query: [], cookies: [] },
    allowedOrigins: "any",
    isTrusted: (origin) => origin === bare.origin,
    maxBytes,
    signal,
  });
}

interface FetchLimits {
  readonly signal: AbortSignal;
  readonly timeout: AbortSignal;
  readonly timeoutMs: number;
}

function fetchError(
  error: unknown,
  from: DocumentPlace,
  { signal, timeout, timeoutMs }: FetchLimits,
): CodemodeError {
  const { server, place } = from;
  if (signal.aborted)
    return new CodemodeError(
      "CANCELLED",
      `Loading the document of server "${server}" was cancelled.`,
      { cause: error },
    );
  if (timeout.aborted) {
    const message = `The document of server "${server}", ${place}, did not come within ${timeoutMs} ms. Raise its "timeout_ms", or save the document and give its path.`;
    return new CodemodeError("SERVER_TIMEOUT", message, { cause: error, retryable: true });
  }
  if (error instanceof AnswerTooLargeError) return tooLong(from, error.maxBytes);
  return missing(from, `cannot be loaded (${networkReason(error)})`, error);
}

function missing({ server, place }: DocumentPlace, what: string, cause: unknown): CodemodeError {
  const message = `The document of server "${server}", ${place}, ${what}. Correct its "spec".`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { cause });
}

function tooLong({ server, place }: DocumentPlace, maxBytes: number): CodemodeError {
  const message = `The document of server "${server}", ${place}, is over the limit of ${maxBytes} bytes. Raise "max_document_bytes", or cut it down.`;
  return new CodemodeError("SERVER_PROTOCOL", message);
}

/** The document's title, or the first line of its description. */
export function documentTitle(document: JsonRecord): string | undefined {
  const info = isRecord(document["info"]) ? document["info"] : {};
  const texts = [info["title"], info["description"]].filter((text) => typeof text === "string");
  const line = texts.map((text) => text.trim().split("\n", 1)[0] ?? "").find((text) => text !== "");
  return line?.slice(0, 200);
}
