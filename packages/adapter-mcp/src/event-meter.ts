/** Measures events, which end with an empty line. */
export interface EventMeter {
  read(chunk: Uint8Array): void;
  /** Length of the event that is coming in. */
  bytes(): number;
  /** An event had an id: from there a client may take the stream up again. */
  isResumable(): boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A meter that has read nothing. */
export function createEventMeter(): EventMeter {
  let bytes = 0;
  let lineLength = 0;
  let lineStart = "";
  let isResumable = false;
  return {
    bytes: () => bytes,
    isResumable: () => isResumable,
    read(chunk) {
      for (const byte of chunk) {
        bytes += 1;
        if (byte === LINE_FEED) {
          if (lineLength === 0) bytes = 0;
          isResumable ||= lineStart === "id:";
          lineLength = 0;
          lineStart = "";
        } else if (byte !== CARRIAGE_RETURN) {
          if (lineLength < 3) lineStart += String.fromCodePoint(byte);
          lineLength += 1;
        }
      }
    },
  };
}
