/** Where the parts of an attached stream go. */
export interface DemultiplexerOptions {
  readonly onOutput: (bytes: Buffer) => void;
  /** What comes is no attached stream. */
  readonly onBroken: () => void;
}

const HEADER_BYTES = 8;
const STDOUT = 1;
const LAST_STREAM = 2;

/**
 * Takes Docker's frames apart (a stream's number, three zeros, a length of four bytes, then the
 * bytes): each byte is passed on as it comes, nothing but a header is ever kept.
 */
export function createDemultiplexer(options: DemultiplexerOptions): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerBytes = 0;
  let stream = 0;
  let missing = 0;
  let broken = false;
  return (chunk) => {
    for (let offset = 0; offset < chunk.length && !broken;) {
      if (missing === 0) {
        const copied = chunk.copy(header, headerBytes, offset, offset + HEADER_BYTES - headerBytes);
        headerBytes += copied;
        offset += copied;
        if (headerBytes < HEADER_BYTES) return;
        headerBytes = 0;
        stream = header[0] ?? 0;
        missing = header.readUInt32BE(4);
        broken = stream > LAST_STREAM || header.readUIntBE(1, 3) !== 0;
        if (broken) options.onBroken();
      } else {
        const bytes = chunk.subarray(offset, offset + missing);
        offset += bytes.length;
        missing -= bytes.length;
        if (stream === STDOUT) options.onOutput(bytes);
      }
    }
  };
}
