import type { GuestRealm } from "./guest-realm.ts";

declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;

/** Names of the web platform that programs expect. Only what the realm does not have is added. */
function installGlobals(realm: GuestRealm): void {
  const start = realm.now();
  const additions: Record<string, unknown> = {
    performance: { now: () => realm.now() - start, timeOrigin: start },
    structuredClone: createClone(),
    TextEncoder: createTextEncoder(),
    TextDecoder: createTextDecoder(),
    btoa: encodeBase64,
    atob: decodeBase64,
  };
  const names = Object.keys(additions);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    if (realm.global[name] === undefined) defineGlobal(realm, name, additions[name]);
  }
}

/** The part of the structured clone algorithm that data needs (HTML, section 2.7). */
function createClone(): (value: unknown) => unknown {
  const clone = (value: unknown, seen: Map<unknown, unknown>): unknown => {
    if (typeof value === "function" || typeof value === "symbol") {
      throw new TypeError(`A ${typeof value} cannot be cloned.`);
    }
    if (typeof value !== "object" || value === null) return value;
    const known = seen.get(value);
    if (known !== undefined) return known;
    const keep = <Copy>(copy: Copy): Copy => {
      seen.set(value, copy);
      return copy;
    };
    if (value instanceof Date) return keep(new Date(value));
    if (value instanceof RegExp) return keep(new RegExp(value));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (ArrayBuffer.isView(value)) return keep((value as Uint8Array).slice());
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [key, item] of value) copy.set(clone(key, seen), clone(item, seen));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const item of value) copy.add(clone(item, seen));
      return copy;
    }
    const copy: Record<string, unknown> = Array.isArray(value) ? (keep([]) as never) : keep({});
    if (value instanceof Error) Object.assign(copy, { name: value.name, message: value.message });
    for (const [key, item] of Object.entries(value)) {
      Object.defineProperty(copy, key, {
        value: clone(item, seen),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return copy;
  };
  return (value) => clone(value, new Map());
}

function createTextEncoder(): unknown {
  return class TextEncoder {
    readonly encoding = "utf-8";
    encode(text = ""): Uint8Array {
      const bytes: number[] = [];
      for (const character of String(text).toWellFormed()) {
        const code = character.codePointAt(0) ?? 0;
        if (code < 0x80) bytes.push(code);
        else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
        else if (code < 0x10000)
          bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
        else
          bytes.push(
            0xf0 | (code >> 18),
            0x80 | ((code >> 12) & 63),
            0x80 | ((code >> 6) & 63),
            0x80 | (code & 63),
          );
      }
      return Uint8Array.from(bytes);
    }
  };
}

function createTextDecoder(): unknown {
  return class TextDecoder {
    readonly encoding = "utf-8";
    constructor(label = "utf-8") {
      if (!/^(utf-?8|unicode-1-1-utf-8)$/i.test(label))
        throw new RangeError(`Only utf-8 is decoded, not ${label}.`);
    }
    decode(input: ArrayBuffer | ArrayBufferView = new Uint8Array()): string {
      const bytes = ArrayBuffer.isView(input)
        ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
        : new Uint8Array(input);
      let text = "";
      let index = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
      while (index < bytes.length) {
        const first = bytes[index] ?? 0;
        const size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        let code = size === 1 ? first : first & (0xff >> (size + 1));
        let valid = first < 0x80 || (first >= 0xc2 && first <= 0xf4);
        let used = 1;
        for (; valid && used < size; used += 1) {
          const byte = bytes[index + used] ?? 0;
          if ((byte & 0xc0) !== 0x80) valid = false;
          else code = (code << 6) | (byte & 63);
        }
        const least = [0, 0, 0x80, 0x800, 0x10000][size] ?? 0;
        if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) valid = false;
        text += valid ? String.fromCodePoint(code) : "\ufffd";
        index += valid ? size : Math.max(used - 1, 1);
      }
      return text;
    }
  };
}

function encodeBase64(input: unknown): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const text = String(input);
  let output = "";
  for (let index = 0; index < text.length; index += 3) {
    const bytes = [text.charCodeAt(index), text.charCodeAt(index + 1), text.charCodeAt(index + 2)];
    if (bytes.some((byte) => byte > 255))
      throw new RangeError("btoa takes characters up to \\u00ff; encode the text first.");
    const group = ((bytes[0] ?? 0) << 16) | ((bytes[1] || 0) << 8) | (bytes[2] || 0);
    const rest = text.length - index;
    output += letters.charAt(group >> 18) + letters.charAt((group >> 12) & 63);
    output +=
      (rest > 1 ? letters.charAt((group >> 6) & 63) : "=") +
      (rest > 2 ? letters.charAt(group & 63) : "=");
  }
  return output;
}

function decodeBase64(input: unknown): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const text = String(input)
    .replaceAll(/[\t\n\f\r ]/g, "")
    .replace(/={1,2}$/, "");
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text))
    throw new RangeError("atob takes base64 only.");
  let output = "";
  for (let index = 0; index < text.length; index += 4) {
    let group = 0;
    for (let offset = 0; offset < 4; offset += 1) {
      group = (group << 6) | Math.max(letters.indexOf(text.charAt(index + offset) || "A"), 0);
    }
    const bytes = String.fromCharCode((group >> 16) & 255, (group >> 8) & 255, group & 255);
    output += bytes.slice(0, Math.min(text.length - index, 4) - 1);
  }
  return output;
}

export const globalFunctions = [
  installGlobals,
  createClone,
  createTextEncoder,
  createTextDecoder,
  encodeBase64,
  decodeBase64,
];
