/** What an error says, whatever it is. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a JSON-RPC error (a number) or of one of the SDK or the system (a word). */
export function codeOf(error: unknown): string | number | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" || typeof code === "number" ? code : undefined;
}

/** HTTP status of an error of either SDK, wherever in the chain of causes. */
export function statusOf(error: unknown): number | undefined {
  for (const inner of causes(error)) {
    // A JSON-RPC error may have any number: it is the server's own and no status.
    if (isAnswer(inner)) continue;
    const status: unknown = "status" in inner ? inner.status : codeOf(inner);
    // The older transport names it in its message alone.
    const named = /\(HTTP (\d{3})\)/.exec(inner.message)?.[1];
    const found = typeof status === "number" ? status : Number(named);
    if (found >= 100 && found < 600) return found;
  }
  return undefined;
}

/** `ECONNREFUSED` and its relatives, or what `fetch` says of an address it does not even try. */
export function networkCodeOf(error: unknown): string | undefined {
  const chain = causes(error);
  for (const inner of chain) {
    const code = codeOf(inner);
    if (typeof code === "string" && NETWORK_CODE.test(code)) return code;
  }
  const hasFetch = chain.some(({ message }) => message === "fetch failed");
  return hasFetch ? chain.at(-1)?.message : undefined;
}

// The system's (`ENOTFOUND`, `EAI_AGAIN`), those of certificates, and those of `fetch`.
const NETWORK_CODE = /^(E[A-Z]{4,}|EAI_[A-Z]+|[A-Z_]*CERT[A-Z_]*|ERR_(?:TLS|SSL)_\w+|UND_ERR_\w+)$/;

/** Whether nobody answered in time, in the words of either SDK. */
export function isTimeout(error: unknown): boolean {
  const code = codeOf(error);
  return code === "REQUEST_TIMEOUT" || (code === -32_001 && /timed out/i.test(messageOf(error)));
}

/** Whether a connection that stood was lost, and with it what was under way. */
export function isBrokenOff(error: unknown): boolean {
  return BROKEN_OFF.has(networkCodeOf(error) ?? "");
}

const BROKEN_OFF: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_ABORTED",
]);

/** Whether a request has met a refusal before anything could be done about it, so it may be sent again. */
export function isCertainlyNotRun(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 300 && status < 500 && status !== 408;
  return networkCodeOf(error) !== undefined && !isBrokenOff(error);
}

/** Whether the server does not know the session: it was restarted, or has forgotten it. */
export function isSessionLoss(error: unknown): boolean {
  const status = statusOf(error);
  // 404 is what the protocol wants; many servers say 400 and tell of the session in words.
  return status === 404 || (status === 400 && SESSION.test(causes(error).map(messageOf).join(" ")));
}

const SESSION = /session|not initialized|uninitialized/i;

/** Whether the connection is of no more use: what comes next needs a new one. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "CONNECTION_CLOSED" || code === "NOT_CONNECTED" || code === "SEND_FAILED")
    return true;
  if (isSessionLoss(error)) return true;
  return networkCodeOf(error) !== undefined || LOSS.test(messageOf(error));
}

// In the words of the first generation, which has no code of its own for it.
const LOSS = /^(MCP error -32000: )?(not connected|connection closed)$/i;

/** Whether this is what a server answered, not what happened on the way: both SDKs have a class for it. */
function isAnswer(error: Error): boolean {
  return error.name === "ProtocolError" || error.name === "McpError";
}

function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  let inner = error;
  while (inner instanceof Error && chain.length < 6) {
    chain.push(inner);
    const first: unknown = inner instanceof AggregateError ? inner.errors[0] : undefined;
    inner = first ?? inner.cause;
  }
  return chain;
}
