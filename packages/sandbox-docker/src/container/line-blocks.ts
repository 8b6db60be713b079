// Shared by both ends of the attached stream: lines of text, of which those that begin with `@` are
// between supervisor and host, and all others between guest and host.

const LINE_FEED = 10;
const CONTROL = 64;

/** What a reader of lines does with them. */
export interface LineBlockOptions {
  /** Whole lines, each with its line feed: those of the guest. */
  readonly onData: (lines: Buffer) => void;
  /** One line between supervisor and host, without the `@`. */
  readonly onControl: (line: string) => void;
  /** The longest line; what is longer ends the reading. */
  readonly maxLineBytes: number;
  readonly onOverflow: () => void;
}

/** Takes chunks as they come; passes on whole lines only, so that lines of two writers never mix. */
export function createLineBlocks(options: LineBlockOptions): (chunk: Buffer) => void {
  const { onData, onControl, maxLineBytes, onOverflow } = options;
  let parts: Buffer[] = [];
  let length = 0;
  let overflown = false;
  return (chunk) => {
    if (overflown) return;
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      const block = parts.length === 0 ? whole : Buffer.concat([...parts, whole]);
      parts = [];
      length = 0;
      passBlock(block, { onData, onControl });
    }
    if (end === chunk.length) return;
    parts.push(end === 0 ? chunk : chunk.subarray(end));
    length += chunk.length - end;
    if (length <= maxLineBytes) return;
    overflown = true;
    parts = [];
    onOverflow();
  };
}

function passBlock(
  block: Buffer,
  { onData, onControl }: Pick<LineBlockOptions, "onData" | "onControl">,
): void {
  if (block[0] !== CONTROL && !block.includes("\n@")) {
    onData(block);
    return;
  }
  for (let start = 0; start < block.length;) {
    const end = block.indexOf(LINE_FEED, start) + 1;
    if (block[start] === CONTROL) onControl(block.toString("utf8", start + 1, end - 1));
    else onData(block.subarray(start, end));
    start = end;
  }
}
