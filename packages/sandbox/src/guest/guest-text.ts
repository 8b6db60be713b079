import type { Platform } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toText(value: unknown): string;
declare function toUsvString(value: unknown): string;

/** The bytes of a text in UTF-8. */
function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let used = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.codePointAt(index) ?? 0;
    if (code < 0x80) bytes[used++] = code;
    else {
      if (code < 0x800) bytes[used++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x10000) bytes[used++] = 0xe0 | (code >> 12);
        else {
          bytes[used++] = 0xf0 | (code >> 18);
          bytes[used++] = 0x80 | ((code >> 12) & 63);
          index += 1;
        }
        bytes[used++] = 0x80 | ((code >> 6) & 63);
      }
      bytes[used++] = 0x80 | (code & 63);
    }
  }
  return bytes.slice(0, used);
}

/** The size of the sequence that starts at a place in UTF-8, negative where it is none: so many bytes are wrong together. */
function sequenceSize(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return -1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  // The second byte's range says what would be too short, too large, or half of a pair.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let place = 1; place < size; place += 1) {
    const byte = bytes[index + place];
    const isNext =
      byte !== undefined && (place === 1 ? byte >= low && byte <= high : (byte & 0xc0) === 0x80);
    if (!isNext) return -place;
  }
  return size;
}

/** The text of bytes in UTF-8; what is wrong becomes U+FFFD, or is told. */
function decodeUtf8(bytes: Uint8Array, onWrong?: () => void): string {
  let text = "";
  let index = 0;
  while (index < bytes.length) {
    let end = index;
    while (end < bytes.length && end - index < 4_096 && (bytes[end] ?? 0) < 0x80) end += 1;
    if (end > index) {
      text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(index, end));
      index = end;
      continue;
    }
    const size = sequenceSize(bytes, index);
    if (size < 0) {
      onWrong?.();
      text += "\ufffd";
      index -= size;
      continue;
    }
    let code = (bytes[index] ?? 0) & (0xff >> (size + 1));
    for (let place = 1; place < size; place += 1)
      code = (code << 6) | ((bytes[index + place] ?? 0) & 63);
    text += String.fromCodePoint(code);
    index += size;
  }
  return text;
}

/** How many bytes at the end may be the beginning of a sequence. */
function unfinishedSize(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const index = bytes.length - back;
    const first = bytes[index] ?? 0;
    if (first < 0x80) return 0;
    // Others that are no continuation begin nothing.
    if (first >= 0xc0) {
      const isBeginning = first >= 0xc2 && first <= 0xf4;
      return isBeginning && sequenceSize(bytes, index) === -back ? back : 0;
    }
  }
  return 0;
}

/** The bytes of a buffer or a view; the same memory. */
function bytesOf(input: unknown): Uint8Array {
  if (ArrayBuffer.isView(input))
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (Object.prototype.toString.call(input) === "[object ArrayBuffer]")
    return new Uint8Array(input as ArrayBuffer);
  throw new TypeError("An ArrayBuffer or a view of one is needed, such as a Uint8Array.");
}

function createTextEncoder(): unknown {
  class TextEncoder {
    get encoding(): string {
      return "utf-8";
    }
    encode(text: unknown = ""): Uint8Array {
      return encodeUtf8(toUsvString(text));
    }
    encodeInto(source: unknown, target: Uint8Array): { read: number; written: number } {
      let read = 0;
      let written = 0;
      for (const character of toUsvString(source)) {
        const bytes = encodeUtf8(character);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        read += character.length;
        written += bytes.length;
      }
      return { read, written };
    }
  }
  return finishClass(TextEncoder, "TextEncoder");
}

/** Bytes as characters up to U+00FF. */
function textOfBytes(bytes: Uint8Array): string {
  // As many arguments as a call takes without care for the stack.
  const PART = 8_192;
  let text = "";
  for (let start = 0; start < bytes.length; start += PART)
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + PART));
  return text;
}

function base64Letters(): string {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

/** Base64 of bytes, padded. */
function toBase64(bytes: Uint8Array): string {
  const letters = encodeUtf8(base64Letters());
  const output = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(0x3d);
  let used = 0;
  let group = 0;
  let bits = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    group = ((group << 8) | (bytes[index] ?? 0)) & 0xffff;
    bits += 8;
    for (; bits >= 6; bits -= 6) output[used++] = letters[(group >> (bits - 6)) & 63] ?? 0;
  }
  if (bits > 0) output[used] = letters[(group << (6 - bits)) & 63] ?? 0;
  return textOfBytes(output);
}

/** The bytes of base64, padded or not; `undefined` for what is none. */
function fromBase64(padded: string): Uint8Array | undefined {
  // Padding is complete or not there at all.
  const text = padded.length % 4 === 0 ? padded.replace(/={1,2}$/, "") : padded;
  if (text.length % 4 === 1) return undefined;
  const NONE = 64;
  const values = new Uint8Array(128).fill(NONE);
  encodeUtf8(base64Letters()).forEach((code, value) => {
    values[code] = value;
  });
  const output = new Uint8Array(Math.floor((text.length * 3) / 4));
  let used = 0;
  let group = 0;
  let bits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = values[text.charCodeAt(index)] ?? NONE;
    if (value === NONE) return undefined;
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    output[used++] = (group >> bits) & 255;
  }
  return output;
}

function createBase64Encoder(platform: Platform): unknown {
  return function btoa(input: unknown): string {
    const text = toText(input);
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 255) {
        const message =
          "btoa takes characters up to \\u00ff (invalid character); encode the text with TextEncoder first.";
        throw new (platform.exception())(message, "InvalidCharacterError");
      }
      bytes[index] = code;
    }
    return toBase64(bytes);
  };
}

function createBase64Decoder(platform: Platform): unknown {
  return function atob(input: unknown): string {
    const bytes = fromBase64(toText(input).replaceAll(/[\t\n\f\r ]/g, ""));
    if (bytes) return textOfBytes(bytes);
    const message = "The text is not correctly encoded base64 (atob does not take base64url).";
    throw new (platform.exception())(message, "InvalidCharacterError");
  };
}

export const textFunctions = [
  encodeUtf8,
  sequenceSize,
  decodeUtf8,
  unfinishedSize,
  bytesOf,
  createTextEncoder,
  textOfBytes,
  base64Letters,
  toBase64,
  fromBase64,
  createBase64Encoder,
  createBase64Decoder,
];
