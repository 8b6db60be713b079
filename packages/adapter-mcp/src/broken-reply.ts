import { isRecord } from "@codemode/core";
import type { JSONRPCMessage } from "@modelcontextprotocol/client";

/** How JSON-RPC names a request. */
export type RequestId = string | number;

/** What a line of a stream turned out to be. */
export type ReadLine =
  | { readonly kind: "message"; readonly message: JSONRPCMessage }
  | { readonly kind: "junk"; readonly text: string };

/** The code of an answer that we put in the place of a broken one: JSON-RPC's own for "cannot be parsed". */
export const BROKEN_REPLY_CODE = -32_700;

// More than is shown: no secret may be cut in two before it is found.
const MAX_JUNK = 4_000;

/**
 * Reads one line. An answer that breaks the protocol becomes an error for the request it belongs to,
 * so that whoever waits is told at once; `pending` are the requests without an answer.
 */
export function readLine(
  text: string,
  pending: ReadonlyMap<RequestId, unknown>,
): readonly ReadLine[] {
  const line = text.replace(/^\uFEFF/, "").trim();
  if (line === "") return [];
  const parsed = parse(line);
  if (parsed === undefined) return [brokenLine(line, pending)];
  // Batches went out of the protocol with revision 2025-06-18; some servers still send them.
  const values: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return values.map((value) => readValue(value, { line, pending }));
}

interface Context {
  readonly line: string;
  readonly pending: ReadonlyMap<RequestId, unknown>;
}

function readValue(value: unknown, { line, pending }: Context): ReadLine {
  if (!isRecord(value)) return junk(line);
  const fault = faultOf(value);
  if (fault === undefined) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `faultOf` has checked what makes a message
    return { kind: "message", message: value as JSONRPCMessage };
  }
  if (typeof value["method"] === "string") return junk(line);
  const { id } = value;
  const owner = isRequestId(id) && pending.has(id) ? id : onlyOne(pending);
  return owner === undefined ? junk(line) : broken(owner, fault);
}

/** What is wrong with a message, or nothing. */
function faultOf(value: Readonly<Record<string, unknown>>): string | undefined {
  if (value["jsonrpc"] !== "2.0") return 'its "jsonrpc" is not "2.0"';
  if (typeof value["method"] === "string") return undefined;
  if (!isRequestId(value["id"])) return 'it has no "id"';
  const hasResult = "result" in value;
  const hasError = "error" in value;
  if (hasResult === hasError) return 'it needs either a "result" or an "error"';
  if (hasResult) return isRecord(value["result"]) ? undefined : 'its "result" is no object';
  const error = value["error"];
  const isError = isRecord(error) && typeof error["code"] === "number";
  return isError ? undefined : 'its "error" has no code';
}

/** A line that is not JSON belongs to the one waiting request that it names, or to the only one there is. */
function brokenLine(line: string, pending: ReadonlyMap<RequestId, unknown>): ReadLine {
  if (!line.startsWith("{") || !line.includes('"jsonrpc"')) return junk(line);
  // What names a method is the server's own word, and answers nothing.
  if (/^\{[^{]*"method"\s*:/.test(line)) return junk(line);
  const named = new Set<RequestId>();
  for (const [, digits, quoted] of line.matchAll(/"id"\s*:\s*(?:(\d+)|"([^"\\]*)")/g)) {
    const id = digits === undefined ? (quoted ?? "") : Number(digits);
    if (pending.has(id)) named.add(id);
  }
  const owner = onlyOne(named) ?? onlyOne(pending);
  return owner === undefined ? junk(line) : broken(owner, "it is not JSON");
}

function broken(id: RequestId, fault: string): ReadLine {
  const error = { code: BROKEN_REPLY_CODE, message: `the answer is no JSON-RPC: ${fault}` };
  return { kind: "message", message: { jsonrpc: "2.0", id, error } };
}

function junk(line: string): ReadLine {
  return { kind: "junk", text: line.slice(0, MAX_JUNK) };
}

function onlyOne(ids: Pick<ReadonlySet<RequestId>, "size" | "keys">): RequestId | undefined {
  return ids.size === 1 ? ids.keys().next().value : undefined;
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === "number" || typeof id === "string";
}

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    // The caller tells junk from broken answers.
    return undefined;
  }
}
