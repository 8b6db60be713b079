import type { Platform } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toText(value: unknown): string;
declare function bytesOf(input: unknown): Uint8Array;
declare function textOfBytes(bytes: Uint8Array): string;

/** Fills bytes with what the runner answered: a character for each byte. */
function fillBytes(bytes: Uint8Array, answer: string | undefined): void {
  if (answer?.length !== bytes.length) throw new Error("The sandbox did not answer.");
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = answer.charCodeAt(index);
}

/** Hands random bytes out of a store: asking for each few would be slow, and hard to interrupt. */
function createRandom({ realm }: Platform): (bytes: Uint8Array) => void {
  const store = new Uint8Array(4_096);
  let used = store.length;
  return (bytes) => {
    if (bytes.length > store.length) {
      fillBytes(bytes, realm.ask?.(`?R${bytes.length}`));
      return;
    }
    if (used + bytes.length > store.length) {
      fillBytes(store, realm.ask?.(`?R${store.length}`));
      used = 0;
    }
    bytes.set(store.subarray(used, used + bytes.length));
    // What was given is nobody else's.
    store.fill(0, used, used + bytes.length);
    used += bytes.length;
  };
}

/** `crypto`: random numbers and digests, which the runner makes. */
function createCrypto(
  platform: Platform,
): Readonly<Record<"crypto" | "Crypto" | "SubtleCrypto", object>> {
  const key = {};
  const fillRandom = createRandom(platform);
  const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const refuse = (given: unknown): void => {
    if (given !== key) throw new TypeError("Illegal constructor: use the global crypto.");
  };
  const SubtleCrypto = createSubtle(platform, refuse);
  class Crypto {
    readonly #subtle: object;
    constructor(given?: unknown) {
      refuse(given);
      this.#subtle = new SubtleCrypto(key);
    }
    get subtle(): object {
      return this.#subtle;
    }
    getRandomValues(view: ArrayBufferView): ArrayBufferView {
      const tag = Object.prototype.toString.call(view);
      if (!/^\[object (Big)?(Ui|I)nt(8|8Clamped|16|32|64)(Clamped)?Array\]$/.test(tag)) {
        const message = "getRandomValues needs an array of integers, such as a Uint8Array.";
        throw new (platform.exception())(message, "TypeMismatchError");
      }
      if (view.byteLength > 65_536) {
        const message = `getRandomValues gives 65536 bytes at once, not ${view.byteLength}.`;
        throw new (platform.exception())(message, "QuotaExceededError");
      }
      fillRandom(bytesOf(view));
      return view;
    }
    randomUUID(): string {
      const bytes = new Uint8Array(16);
      fillRandom(bytes);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      let text = "";
      for (let index = 0; index < 16; index += 1) {
        if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
        text += hex[bytes[index] ?? 0];
      }
      return text;
    }
  }
  finishClass(Crypto, "Crypto");
  return { crypto: new Crypto(key), Crypto, SubtleCrypto };
}

function createSubtle(
  platform: Platform,
  refuse: (key: unknown) => void,
): new (key: unknown) => object {
  const sizes: Record<string, number> = {
    "SHA-1": 20,
    "SHA-256": 32,
    "SHA-384": 48,
    "SHA-512": 64,
  };
  const ask = platform.realm.ask ?? (() => undefined);
  class SubtleCrypto {
    constructor(key?: unknown) {
      refuse(key);
    }
    async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
      const bytes = bytesOf(data);
      const given =
        typeof algorithm === "object" && algorithm !== null && "name" in algorithm
          ? algorithm.name
          : algorithm;
      const name = toText(given).toUpperCase();
      if (!Object.hasOwn(sizes, name)) {
        const message = `Unrecognized algorithm name "${name}": use ${Object.keys(sizes).join(", ")}.`;
        throw new (platform.exception())(message, "NotSupportedError");
      }
      const PART = 8_192;
      ask(`?H${name}`);
      for (let start = 0; start < bytes.length; start += PART)
        ask(`?B${textOfBytes(bytes.subarray(start, start + PART))}`);
      const digest = new Uint8Array(sizes[name] ?? 0);
      fillBytes(digest, ask("?E"));
      return digest.buffer;
    }
  }
  return finishClass(SubtleCrypto, "SubtleCrypto");
}

export const cryptoFunctions = [fillBytes, createRandom, createCrypto, createSubtle];
