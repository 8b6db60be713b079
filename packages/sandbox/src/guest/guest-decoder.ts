import type { Platform } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toText(value: unknown): string;
declare function bytesOf(input: unknown): Uint8Array;
declare function textOfBytes(bytes: Uint8Array): string;
declare function decodeUtf8(bytes: Uint8Array, onWrong?: () => void): string;
declare function unfinishedSize(bytes: Uint8Array): number;

/** How bytes become text. */
interface DecoderOptions {
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
}

/** Text of the bytes that came since the last end; `undefined` for what is wrong where that is fatal. */
type Decode = (bytes: Uint8Array, isStream: boolean) => string | undefined;

/** UTF-8 is decoded here; other encodings are a question to the runner. */
function createTextDecoder({ realm }: Platform): unknown {
  class TextDecoder {
    readonly #encoding: string;
    readonly #options: DecoderOptions;
    readonly #decode: Decode;
    constructor(
      label: unknown = "utf-8",
      options?: { readonly fatal?: unknown; readonly ignoreBOM?: unknown },
    ) {
      const text = toText(label);
      this.#options = { fatal: Boolean(options?.fatal), ignoreBOM: Boolean(options?.ignoreBOM) };
      const flags = `${Number(this.#options.fatal)}${Number(this.#options.ignoreBOM)}`;
      const encoding = isUtf8(text) ? "utf-8" : realm.ask?.(`?T${flags}${text}`);
      if (encoding === undefined) throw new RangeError(`The "${text}" encoding is not supported`);
      this.#encoding = encoding;
      this.#decode =
        encoding === "utf-8"
          ? createUtf8Decoder(this.#options)
          : createAskingDecoder(realm, `?T${flags}${encoding}`);
    }
    get encoding(): string {
      return this.#encoding;
    }
    get fatal(): boolean {
      return this.#options.fatal;
    }
    get ignoreBOM(): boolean {
      return this.#options.ignoreBOM;
    }
    decode(input?: unknown, options?: { readonly stream?: unknown }): string {
      const bytes = input === undefined ? new Uint8Array() : bytesOf(input);
      const text = this.#decode(bytes, Boolean(options?.stream));
      if (text === undefined) throw new TypeError(`The bytes are no valid ${this.#encoding}.`);
      return text;
    }
  }
  return finishClass(TextDecoder, "TextDecoder");
}

function isUtf8(label: string): boolean {
  return /^[\t\n\f\r ]*(utf-?8|unicode-1-1-utf-8|unicode(11|20)utf8|x-unicode20utf8)[\t\n\f\r ]*$/i.test(
    label,
  );
}

function createUtf8Decoder({ fatal, ignoreBOM }: DecoderOptions): Decode {
  let held = new Uint8Array();
  let started = false;
  return (given, isStream) => {
    let bytes = new Uint8Array(held.length + given.length);
    bytes.set(held);
    bytes.set(given, held.length);
    const kept = isStream ? unfinishedSize(bytes) : 0;
    held = bytes.slice(bytes.length - kept);
    bytes = bytes.subarray(0, bytes.length - kept);
    const isFirst = !started;
    started = isStream && (started || bytes.length > 0);
    let isWrong = false;
    const text = decodeUtf8(bytes, () => {
      isWrong = true;
    });
    if (fatal && isWrong) {
      held = new Uint8Array();
      started = false;
      return undefined;
    }
    return isFirst && !ignoreBOM && text.startsWith("\ufeff") ? text.slice(1) : text;
  };
}

/** The runner remembers no decoder: each time it is told the stream from its beginning. */
function createAskingDecoder(realm: Platform["realm"], begin: string): Decode {
  let before = new Uint8Array();
  let told = 0;
  const PART = 8_192;
  return (given, isStream) => {
    const bytes = new Uint8Array(before.length + given.length);
    bytes.set(before);
    bytes.set(given, before.length);
    const from = told;
    before = new Uint8Array();
    told = 0;
    realm.ask?.(begin);
    let text: string | undefined = "";
    for (let start = 0; start < bytes.length && text !== undefined; start += PART) {
      const more = realm.ask?.(`?P${textOfBytes(bytes.subarray(start, start + PART))}`);
      text = more === undefined ? undefined : text + more;
    }
    if (isStream && text !== undefined) {
      before = bytes;
      told = text.length;
    } else if (text !== undefined) {
      const end = realm.ask?.("?F");
      text = end === undefined ? undefined : text + end;
    }
    return text?.slice(from);
  };
}

export const decoderFunctions = [createTextDecoder, isUtf8, createUtf8Decoder, createAskingDecoder];
