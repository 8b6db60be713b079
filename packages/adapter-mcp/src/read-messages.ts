import type { JSONRPCMessage } from "@modelcontextprotocol/client";

/** What comes of a stream. */
export interface MessageHandlers {
  readonly onMessage: (message: JSONRPCMessage) => void;
  /** A line that is no message: a banner, a log line in the wrong place. */
  readonly onJunk: (line: string) => void;
  readonly onOverflow: (maxBytes: number) => void;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Reads one JSON-RPC message a line, in time linear in what comes. */
export function readMessages(
  stream: NodeJS.ReadableStream | null,
  handlers: MessageHandlers,
): void {
  let parts: string[] = [];
  let length = 0;
  let overflown = false;
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    if (overflown) return;
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      parts.push(chunk.slice(start, end));
      readLine(parts.join(""), handlers);
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(chunk.slice(start));
    length += chunk.length - start;
    if (length <= MAX_MESSAGE_BYTES) return;
    overflown = true;
    parts = [];
    handlers.onOverflow(MAX_MESSAGE_BYTES);
  });
}

function readLine(text: string, handlers: MessageHandlers): void {
  const line = text.replace(/^\uFEFF/, "").trim();
  if (line === "") return;
  const parsed = parse(line);
  // Batches went out of the protocol with revision 2025-06-18; some servers still send them.
  const messages = Array.isArray(parsed) ? parsed : [parsed];
  for (const message of messages) {
    const valid = toMessage(message, line);
    if (valid) handlers.onMessage(valid);
    else handlers.onJunk(line.slice(0, 200));
  }
}

/** A message, or an error in the place of a broken answer: whoever waits for it is told at once. */
function toMessage(value: unknown, line: string): JSONRPCMessage | undefined {
  if (isMessage(value)) return value;
  const id = idOf(value) ?? /"id"\s*:\s*(\d+)/.exec(line)?.[1];
  if (id === undefined || /"method"\s*:/.test(line)) return undefined;
  const error = { code: -32_603, message: "The server's answer is no valid JSON-RPC." };
  return { jsonrpc: "2.0", id: Number(id), error };
}

function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isRecord(value) || value["jsonrpc"] !== "2.0") return false;
  if (typeof value["method"] === "string") return true;
  const hasId = typeof value["id"] === "number" || typeof value["id"] === "string";
  const hasResult = isRecord(value["result"]);
  const hasError = isRecord(value["error"]);
  return hasId && hasResult !== hasError;
}

function idOf(value: unknown): number | undefined {
  const id = isRecord(value) ? value["id"] : undefined;
  return typeof id === "number" ? id : undefined;
}

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    // The caller tells junk from messages.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
