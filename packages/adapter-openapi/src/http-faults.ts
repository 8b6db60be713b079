/** A redirect that is not followed. */
export class RedirectError extends Error {
  override readonly name = "RedirectError";
  readonly status: number;
  /** Without query and credentials. */
  readonly target: string;
  /** It leads to a known place, but there were too many. */
  readonly isAllowed: boolean;

  constructor(status: number, target: URL, isAllowed: boolean) {
    const [place = ""] = target.href.split(/[?#]/, 1);
    super(`HTTP ${status} to ${place}`);
    this.status = status;
    this.target = place;
    this.isAllowed = isAllowed;
  }
}

/** An answer that is longer than what is read. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** An answer that began, and whose rest never came or cannot be read. */
export class BrokenAnswerError extends Error {
  override readonly name = "BrokenAnswerError";

  constructor(status: number, cause: unknown) {
    super(`the answer of HTTP ${status} broke off`, { cause });
  }
}

/** `ECONNREFUSED` and its relatives, somewhere in the chain of causes. */
export function networkCode(error: unknown): string | undefined {
  let inner = error;
  for (let depth = 0; depth < 6 && inner instanceof Error; depth += 1) {
    const code: unknown = "code" in inner ? inner.code : undefined;
    if (typeof code === "string" && code !== "") return code;
    const first: unknown = inner instanceof AggregateError ? inner.errors[0] : undefined;
    inner = first ?? inner.cause;
  }
  return undefined;
}

/** Why no answer came, in a word or a few: the code, or what the innermost error says. */
export function networkReason(error: unknown): string {
  const code = networkCode(error);
  if (code !== undefined) return code;
  let inner = error;
  for (
    let depth = 0;
    depth < 6 && inner instanceof Error && inner.cause instanceof Error;
    depth += 1
  )
    inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}

/** The error of the given name in the chain of causes. */
export function causeNamed(error: unknown, name: string): Error | undefined {
  let inner = error;
  for (let depth = 0; depth < 6 && inner instanceof Error; depth += 1) {
    if (inner.name === name) return inner;
    inner = inner.cause;
  }
  return undefined;
}
