/** What comes of a stream. */
export interface LineHandlers {
  readonly onLine: (line: string) => void;
  /** A line exceeds the limit. Nothing is read after it. */
  readonly onOverflow: () => void;
}

const LINE_FEED = 0x0a;

/** Reads lines of UTF-8 of at most `maxBytes`, in time linear in what comes. */
export function readLines(
  stream: NodeJS.ReadableStream,
  maxBytes: number,
  { onLine, onOverflow }: LineHandlers,
): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  let hasEnded = false;

  const take = (part: Buffer): boolean => {
    bytes += part.length;
    if (bytes > maxBytes) {
      hasEnded = true;
      parts = [];
      onOverflow();
      return false;
    }
    parts.push(part);
    return true;
  };
  const flush = (): void => {
    const line = (parts.length === 1 ? parts[0] : undefined) ?? Buffer.concat(parts);
    parts = [];
    bytes = 0;
    onLine(line.toString("utf8"));
  };

  stream.on("data", (chunk: Buffer) => {
    if (hasEnded) return;
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      if (!take(chunk.subarray(start, end))) return;
      flush();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  });
  // What a process writes last may lack its line feed.
  stream.on("end", () => {
    if (!hasEnded && bytes > 0) flush();
  });
}
