import { open, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { CodemodeError, isCodemodeError, isRecord } from "@codemode/core";

import { AnswerTooLargeError, networkCode, networkReason } from "./http-faults.ts";
import type { HttpAnswer, HttpSender } from "./http-sender.ts";
import type { JsonRecord } from "./json-record.ts";
import type { OpenapiAdapterOptions } from "./openapi-options.ts";
import { MAX_DOCUMENT_BYTES, TIMEOUT_MS } from "./openapi-options.ts";
import { hasOtherDocuments, takeInDocuments } from "./other-documents.ts";
import type { DocumentPlace } from "./parse-document.ts";
import { checkSpecObject, parseSpecText, parseText } from "./parse-document.ts";

/** A document, and where it came from if that is the web. */
export interface LoadedDocument {
  readonly document: JsonRecord;
  readonly url?: string;
}

type LoadOptions = Pick<
  OpenapiAdapterOptions,
  "name" | "spec" | "specFolder" | "specUrl" | "maxDocumentBytes" | "timeoutMs"
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
    const { specUrl: url } = options;
    return { document: checkSpecObject(spec, from), ...(url === undefined ? {} : { url }) };
  }
  if (!/^https?:/i.test(spec)) return { document: await loadFile(options, spec) };
  if (!URL.canParse(spec)) throw missing({ server, place: spec }, "is no URL", undefined);
  return fetchDocument(options, new URL(spec), { sender, signal });
}

async function loadFile(options: LoadOptions, spec: string): Promise<JsonRecord> {
  const { name: server, specFolder = process.cwd() } = options;
  const { maxDocumentBytes = MAX_DOCUMENT_BYTES } = options;
  const from = { server, place: spec };
  const path = spec.startsWith("file:") ? fileURLToPath(spec) : resolve(specFolder, spec);
  try {
    const text = await readText(path, from, maxDocumentBytes);
    const document = parseSpecText(text, from);
    if (!hasOtherDocuments(text)) return document;
    const folder = await realpath(dirname(path));
    return await takeInDocuments(document, pathToFileURL(join(folder, basename(path))), (url) =>
      readBeside(url, folder, { from, maxDocumentBytes }),
    );
  } catch (error) {
    if (isCodemodeError(error)) throw error;
    const code = networkCode(error) ?? "it cannot be read";
    throw missing(from, code === "ENOENT" ? "is not there" : `cannot be read (${code})`, error);
  }
}

async function readText(path: string, from: DocumentPlace, maxBytes: number): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > maxBytes) throw tooLong(from, maxBytes);
  return await file.readFile("utf8");
}

interface BesideOptions {
  readonly from: DocumentPlace;
  readonly maxDocumentBytes: number;
}

/** A document may take in what lies in its own folder and below, and is a document. */
async function readBeside(
  url: URL,
  folder: string,
  { from, maxDocumentBytes }: BesideOptions,
): Promise<unknown> {
  if (url.protocol !== "file:" || !DOCUMENT_FILE.test(url.pathname)) return undefined;
  try {
    const path = await realpath(fileURLToPath(url));
    if (!path.startsWith(folder + sep) || !DOCUMENT_FILE.test(path)) return undefined;
    return parseText(await readText(path, from, maxDocumentBytes), from);
  } catch {
    // Whatever needs it is told that it cannot be read.
    return undefined;
  }
}

const DOCUMENT_FILE = /\.(ya?ml|json)$/i;

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
  const document = parseSpecText(text, from);
  const { href } = answer.url;
  if (!hasOtherDocuments(text)) return { document, url: href };
  const limits = { sender, signal: AbortSignal.any([signal, timeout]), maxBytes: maxDocumentBytes };
  const whole = await takeInDocuments(document, answer.url, (other) =>
    fetchBeside(other, answer.url, { from, ...limits }),
  );
  if (limits.signal.aborted)
    throw fetchError(limits.signal.reason, from, { signal, timeout, timeoutMs });
  return { document: whole, url: href };
}

/** A document of the web may take in what is on its own origin. */
async function fetchBeside(
  url: URL,
  { origin }: URL,
  { from, ...context }: FetchContext & { readonly from: DocumentPlace; readonly maxBytes: number },
): Promise<unknown> {
  if (url.origin !== origin) return undefined;
  try {
    const found = await fetchSpec(url, context);
    if (found.status !== 200 || found.url.origin !== origin) return undefined;
    return parseText(new TextDecoder().decode(found.bytes), from);
  } catch {
    // Whatever needs it is told that it cannot be read.
    return undefined;
  }
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
