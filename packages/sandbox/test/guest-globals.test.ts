import { createContext, runInContext } from "node:vm";

import {
  array,
  assert,
  constantFrom,
  oneof,
  property,
  string,
  tuple,
  uint8Array,
} from "fast-check";
import { expect, test } from "vitest";

import { guestSource } from "../src/guest/guest-source.ts";

/** The globals of a guest in a realm that has the language only. */
function startGuest(ask?: (question: string) => string | undefined): typeof globalThis {
  const context = createContext({});
  const start: unknown = runInContext(guestSource(), context);
  if (typeof start !== "function") throw new TypeError("The guest's source is no function.");
  Reflect.apply(start, undefined, [() => {}, undefined, ask]);
  const guest: typeof globalThis = runInContext("globalThis", context);
  return guest;
}

function outcome(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    return typeof error === "object" && error !== null && "name" in error
      ? error.name
      : String(error);
  }
}

const guest = startGuest(() => undefined);
const wild = string({ unit: "binary" });
// Not both: where a wrong escape stands beside other letters, Node's own answer is not the standard's.
const query = oneof(
  wild.map((text) => text.replaceAll("%", "")),
  array(constantFrom("a", "=", "&", "+", "%", "%c3%a4", "2", "f", "F", "?", "'", "~")).map(
    (parts) => parts.join(""),
  ),
);

test("any bytes are decoded as Node decodes them, in one piece and in parts", () => {
  const bytes = oneof(
    uint8Array({ maxLength: 12 }),
    array(
      constantFrom(
        0x41,
        0x80,
        0xbf,
        0xa0,
        0x9f,
        0x90,
        0x8f,
        0xc2,
        0xe0,
        0xe2,
        0xed,
        0xef,
        0xbb,
        0xf0,
        0xf4,
        0xff,
      ),
    ).map((list) => Uint8Array.from(list)),
  );
  assert(
    property(tuple(bytes, bytes), ([first, second]) => {
      const read = (type: typeof TextDecoder): readonly unknown[] => {
        const stream = new type();
        return [
          new type().decode(first),
          outcome(() => new type("utf-8", { fatal: true }).decode(second)),
          stream.decode(first, { stream: true }) + stream.decode(second),
        ];
      };

      expect(read(guest.TextDecoder)).toEqual(read(TextDecoder));
    }),
    { numRuns: 1_000 },
  );
});

test("any text is encoded as Node encodes it", () => {
  assert(
    property(wild, (text) => {
      expect([...new guest.TextEncoder().encode(text)]).toEqual([
        ...new TextEncoder().encode(text),
      ]);
      expect(outcome(() => guest.btoa(text))).toEqual(outcome(() => btoa(text)));
      expect(outcome(() => guest.atob(text))).toEqual(outcome(() => atob(text)));
    }),
    { numRuns: 1_000 },
  );
});

test("any base64 is decoded or refused as Node does", () => {
  const base64 = array(constantFrom("A", "b", "9", "+", "/", "=", " ", "\n", "-")).map((parts) =>
    parts.join(""),
  );
  assert(
    property(base64, (text) => {
      expect(outcome(() => guest.atob(text))).toEqual(outcome(() => atob(text)));
    }),
    { numRuns: 1_000 },
  );
});

test("any query is read, changed and written as Node does", () => {
  assert(
    property(tuple(query, query, query), ([text, name, value]) => {
      const use = (type: typeof URLSearchParams): readonly unknown[] => {
        const params = new type(text);
        const seen = [[...params].join(";"), params.toString(), params.get(name)];
        params.append(name, value);
        params.sort();
        seen.push(params.toString());
        params.set("a", value);
        params.delete(value, name);
        return [...seen, params.toString(), params.size, params.has(name, value)];
      };

      expect(use(guest.URLSearchParams)).toEqual(use(URLSearchParams));
    }),
    { numRuns: 1_000 },
  );
});

test("where the runner takes no questions, what needs it is not there", () => {
  const alone = startGuest();

  expect(typeof alone.URL).toBe("undefined");
  expect(typeof alone.crypto).toBe("undefined");
  expect(new alone.AbortController().signal.aborted).toBe(false);
});

test("a runner that gives no answer is an error, never numbers that are not random", () => {
  expect(() => guest.crypto.randomUUID()).toThrow("did not answer");
  expect(() => guest.crypto.getRandomValues(new Uint8Array(4))).toThrow("did not answer");
  expect(guest.URL.canParse("https://a.example")).toBe(false);
});

test("a name is made when it is first used", () => {
  const fresh = startGuest();

  expect(Object.getOwnPropertyDescriptor(fresh, "TextEncoder")).toHaveProperty("get");
  expect(new fresh.TextEncoder().encode("a")).toHaveLength(1);
  expect(Object.getOwnPropertyDescriptor(fresh, "TextEncoder")).toMatchObject({
    writable: true,
    enumerable: false,
    configurable: true,
  });
});

test("what a listener throws stops no other listener", async () => {
  const seen: string[] = [];
  const target = new guest.EventTarget();
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", note);
  target.addEventListener("a", () => {
    throw new Error("first");
  });
  target.addEventListener("a", () => seen.push("second"));

  target.dispatchEvent(new guest.Event("a"));
  await new Promise((resolve) => setTimeout(resolve, 0));
  process.off("unhandledRejection", note);

  expect(seen).toEqual(["second"]);
});
