import { runInThisContext } from "node:vm";

import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { valueOf } from "./harness.ts";
import type { RequirementId } from "./requirements.ts";

const URLS = [
  "https://example.com",
  "HTTP://ExAmPlE.com:80/a/../b/./c?x=1#y",
  "https://user:p%40ss@example.com:8443/p;a=1?q=a b&c=ü#frag ment",
  "https://ü.example/ö?ä#ß",
  "https://faß.de",
  "https://xn--80ak6aa92e.com",
  "http://1.2.3",
  "http://0x7f.1",
  "http://256.1.1.1",
  "http://[::1]:80/",
  "http://[2001:db8:0:0:0:0:0:1]",
  "http://[::1",
  "http://a b",
  "http://a%00b",
  "http://a_b.c",
  "http://ex%41mple.com",
  "http://example.com:99999",
  "http://example.com:",
  "http://",
  "http:example.com",
  "http:\\\\example.com\\a\\b",
  "  https://example.com/\t\n ",
  "file:///C|/a/../..",
  "file://host/a",
  "file:a/b",
  "mailto:a@b.c?subject=x y",
  "data:text/plain,hello world#x",
  "javascript:alert(1)",
  "blob:https://a.b/c",
  "urn:isbn:123",
  "about:blank",
  "ws://example.com:80",
  "wss://example.com:443/x",
  "ftp://example.com:21/a",
  "foo://bar:80/a b?c d#e f",
  "foo:/..//x",
  "//a.b/c",
  "/a/b",
  "?x",
  "#x",
  "",
  " ",
  "a:b",
  "1a:b",
  "https://a.b/%zz%41%",
  "https://a.b/a%2e%2e/%2E/c",
  "https://a.b/\ud800",
  "https://a.b?'\"<>`{}|^",
  "https://a.b#'\"<>`{}|^",
  "https://@a.b",
  "https://:@a.b",
  "https://a.b./c",
  "https://a..b",
  "https://\u00ad",
  "https://日本語。jp",
];

/** Programs whose value must be what Node's own globals make of them. */
const SAME: readonly (readonly [RequirementId, string, string])[] = [
  [
    "global.url",
    "50 inputs",
    `const parts = "href,origin,protocol,username,password,host,hostname,port,pathname,search,hash".split(",");
    const all = (...args) => { try { const url = new URL(...args); return parts.map((name) => url[name]) } catch (error) { return [error.name, error.code, error.input] } };
    return ${JSON.stringify(URLS)}.flatMap((text) => [all(text), all(text, "https://base.example/a/b?c#d"), URL.canParse(text), URL.parse(text)?.href])`,
  ],
  [
    "global.url",
    "changes",
    `const seen = []; const url = new URL("https://a.b:81/c?d=1#e");
    for (const [name, value] of [["protocol", "http"], ["protocol", "mailto"], ["host", "x.y:82"], ["hostname", ""], ["port", "99999"], ["port", ""], ["port", "7x"], ["pathname", "a b"], ["search", "?q=ä"], ["search", ""], ["hash", "#"], ["hash", "z z"], ["username", "ü:"], ["password", "@"], ["host", "["], ["href", "foo:bar"], ["host", "n"], ["pathname", "x"], ["search", null], ["origin", "x"]]) { try { url[name] = value } catch (error) { seen.push(error.name) } seen.push(url.href) }
    try { url.href = "no" } catch (error) { seen.push(error.name) }
    return [seen, url.href, String(url), url.toJSON(), JSON.stringify({ url })]`,
  ],
  [
    "global.search-params",
    "all members",
    `const url = new URL("https://a.b/?x=1&y=2&x=3&%zz=+%20%ff&=&a"); const q = url.searchParams; const seen = [];
    const look = () => seen.push([url.href, q.toString(), q.size]);
    look(); q.append("ä b", "!'()~*-._&=+%"); look(); q.set("x", 9); look(); q.set("new", null); look(); q.delete("y"); look(); q.delete("x", "8"); look(); q.sort(); look(); url.search = "?z=1&y=2"; look(); url.href = "https://c.d/?k=v"; look(); q.delete("k"); look();
    return [seen, q === url.searchParams, [...new URLSearchParams("?a=1&a=2")], [...new URLSearchParams({ b: 1, c: [2, 3] }).entries()], [...new URLSearchParams([["d", "e"]]).keys()], [...new URLSearchParams(new Map([["f", "g"]])).values()], String(new URLSearchParams(new URLSearchParams("h=i"))), new URLSearchParams("a=1").get("b"), new URLSearchParams("a=1&a=2").getAll("a"), new URLSearchParams("a=1").has("a", "2"), new URLSearchParams("\\ud800=😀").toString()]`,
  ],
  [
    "global.search-params",
    "odd arguments",
    `const seen = []; for (const make of [() => new URLSearchParams(null), () => new URLSearchParams(5), () => { const q = new URLSearchParams("a=1"); q.append("b"); return q }, () => { const q = new URLSearchParams("a=1"); q.set("b"); return q }, () => { const q = new URLSearchParams(); q.append("b", undefined); return q }]) try { seen.push(String(make())) } catch (error) { seen.push(error.name) }
    return seen`,
  ],
  [
    "global.crypto",
    "digests",
    `const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join(""); const found = [];
    for (const name of ["SHA-1", "sha-256", { name: "SHA-384" }, "SHA-512"]) for (const size of [0, 3, 55, 64, 111, 8191, 8192, 8193, 100_000]) found.push(hex(await crypto.subtle.digest(name, Uint8Array.from({ length: size }, (_, i) => (i * 7) & 255))));
    found.push(hex(await crypto.subtle.digest("SHA-256", new Uint16Array([1, 2, 3]).subarray(1).buffer)), hex(await crypto.subtle.digest("SHA-256", new DataView(new ArrayBuffer(8), 2, 3))));
    for (const args of [["MD5", new Uint8Array()], ["SHA-256", "text"], ["MD5", "text"]]) found.push(await crypto.subtle.digest(...args).then(() => "ok", (error) => error.name));
    return found`,
  ],
  [
    "global.crypto",
    "random",
    `const view = new Uint32Array(4); const same = crypto.getRandomValues(view) === view; const ids = Array.from({ length: 100 }, () => crypto.randomUUID());
    const refuse = (use) => { try { use(); return "ok" } catch (error) { return error.name } };
    return [same, view.some((n) => n > 0), new Set(ids).size, ids.every((id) => /^[\\da-f]{8}-[\\da-f]{4}-4[\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}$/.test(id)), refuse(() => crypto.getRandomValues(new Float64Array(1))), refuse(() => crypto.getRandomValues(new Uint8Array(65537))), refuse(() => new Crypto())]`,
  ],
  [
    "global.abort",
    "signals",
    `const seen = []; const first = new AbortController(); const { signal } = first; const any = AbortSignal.any([signal, new AbortController().signal]);
    signal.onabort = function (event) { seen.push(["on", this === signal, event.type, event.target === signal, any.aborted]) };
    signal.addEventListener("abort", () => seen.push("once"), { once: true }); const gone = () => seen.push("gone"); signal.addEventListener("abort", gone); signal.removeEventListener("abort", gone);
    any.addEventListener("abort", { handleEvent() { seen.push(["any", any.reason === signal.reason]) } });
    signal.throwIfAborted(); first.abort(); first.abort("again");
    const thrown = (use) => { try { use(); return "ok" } catch (error) { return error instanceof Error ? [error.name, error.message, error.code] : error } };
    const late = AbortSignal.timeout(5); await new Promise((resolve) => late.addEventListener("abort", resolve));
    for (const reason of [null, undefined, 0]) seen.push(String(AbortSignal.abort(reason).reason)); for (const list of [5, null, undefined]) seen.push(thrown(() => AbortSignal.any(list))[0]);
    return [seen, signal.aborted, thrown(() => signal.throwIfAborted()), thrown(() => AbortSignal.abort("why").throwIfAborted()), thrown(() => AbortSignal.any([AbortSignal.abort(3), signal]).throwIfAborted()), thrown(() => late.throwIfAborted()), thrown(() => new AbortSignal())[0], thrown(() => AbortSignal.timeout(-1))[0]]`,
  ],
  [
    "global.events",
    "events",
    `const seen = []; const target = new (class extends EventTarget { name = "mine" })(); const stop = new AbortController();
    const twice = (event) => seen.push(["twice", event.type, event.detail, event.currentTarget?.name, event.eventPhase]);
    target.addEventListener("a", twice); target.addEventListener("a", twice); target.addEventListener("a", () => seen.push("signal"), { signal: stop.signal }); target.addEventListener("b", (event) => { event.preventDefault(); event.stopImmediatePropagation() }); target.addEventListener("b", () => seen.push("never"));
    const event = new CustomEvent("a", { detail: { n: 1 } });
    seen.push(target.dispatchEvent(event), event.target === target, event.currentTarget, event.composedPath().length); stop.abort(); seen.push(target.dispatchEvent(event));
    const refused = new Event("b", { cancelable: true }); seen.push(target.dispatchEvent(refused), refused.defaultPrevented, refused.bubbles, target.dispatchEvent(new Event("b")));
    const error = new DOMException("m", "DataCloneError"); seen.push(error.name, error.message, error.code, String(error), error instanceof Error, error instanceof DOMException, new DOMException().name, new DOMException("a", { name: "N", cause: 1 }).cause, DOMException.ABORT_ERR, error.DATA_CLONE_ERR, Object.prototype.toString.call(error));
    return seen`,
  ],
  [
    "global.clone",
    "kinds",
    `const cycle = { list: [1, , 3], date: new Date(0), map: new Map([[{ k: 1 }, new Set([1])]]), text: /a/gi, big: 1n, none: undefined, boxed: Object("b") }; cycle.self = cycle; cycle.list.push(cycle.map);
    const copy = structuredClone(cycle); const bytes = new Uint8Array([1, 2, 3, 4]); const views = structuredClone([bytes.subarray(1, 3), new DataView(bytes.buffer, 1), bytes.buffer]);
    const error = structuredClone(Object.assign(new RangeError("no", { cause: { deep: 1 } }), { extra: 1 })); class P { x = 1; get y() { return 2 } }
    const refuse = (value) => { try { structuredClone(value); return "ok" } catch (error) { return [error.name, error instanceof DOMException, error.code] } };
    return [copy.self === copy, copy.list[3] === copy.map, 1 in copy.list, copy.list.length, copy.date instanceof Date, +copy.date, [...copy.map].map(([key, value]) => [key, [...value]]), String(copy.text), String(copy.big), "none" in copy, typeof copy.boxed, views[0].buffer === views[2], views[1].byteOffset, [...views[0]], error.name, error.message, error instanceof RangeError, error.cause, "extra" in error, Object.keys(structuredClone(new P())), structuredClone(new P()) instanceof P, refuse(() => {}), refuse(Symbol("s")), refuse([{ f() {} }]), refuse(Promise.resolve()), refuse(new WeakMap())]`,
  ],
  [
    "global.clone",
    "what only looks plain",
    `const seen = []; const gone = new ArrayBuffer(1); structuredClone(gone, { transfer: [gone] });
    for (const value of [Object(1n), Object(Symbol()), new DOMException("m", "AbortError"), (function* () {})(), [].values(), new Map().keys(), new URL("a:b"), gone, Math, { [Symbol.toStringTag]: "Mine", a: 1 }]) try { const copy = structuredClone(value); seen.push([typeof copy.valueOf(), Object.keys(copy), copy.name, copy.message, copy.code]) } catch (error) { seen.push(error.name) }
    return seen`,
  ],
  [
    "global.clone",
    "transfer",
    `const buffer = new ArrayBuffer(4); const view = new Uint8Array(buffer).fill(7); const copy = structuredClone({ view, buffer }, { transfer: [buffer] });
    const refuse = (use) => { try { use(); return "ok" } catch (error) { return error.name } }; const other = new ArrayBuffer(2);
    return [buffer.byteLength, buffer.detached, view.length, [...copy.view], copy.view.buffer === copy.buffer, refuse(() => structuredClone(buffer, { transfer: [buffer] })), refuse(() => structuredClone(other, { transfer: [other, other] })), refuse(() => structuredClone({ f() {} }, { transfer: [other] })), other.byteLength, refuse(() => structuredClone())]`,
  ],
  [
    "global.text",
    "utf-8",
    `const bytes = [[0x61, 0xc3, 0xa4, 0xf0, 0x9f, 0x98, 0x80], [0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x28, 0xa1], [0xf0, 0x9f, 0x98, 0x41], [0xef, 0xbb, 0xbf, 0x61], [0x80, 0x80], [0xc3]];
    const fatal = (list) => { try { return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(list)) } catch (error) { return error.name } };
    const stream = new TextDecoder(); const parts = [[0xf0], [0x9f, 0x98], [0x80, 0xe2, 0x82], []].map((list, i) => stream.decode(new Uint8Array(list), { stream: i < 3 }));
    return [bytes.map((list) => new TextDecoder().decode(new Uint8Array(list))), bytes.map(fatal), parts, [...new TextDecoder("utf8", { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))].length, ["aä€😀", "\\ud800x\\udc00", "", undefined, null, 1].map((text) => [...new TextEncoder().encode(text)]), new TextEncoder().encodeInto("a€😀", new Uint8Array(5)), new TextDecoder().encoding, new TextDecoder().decode(new Uint8Array([1, 97, 98]).subarray(1).buffer.slice(1))]`,
  ],
  [
    "global.text",
    "encodings",
    `const labels = ["UTF8", " unicode-1-1-utf-8 ", "unicode11utf8", "x-unicode-utf8", "unicode10utf8", "utf-16", "ucs-2", "UTF-16BE", "latin1", "ascii", "windows-1252", "iso-8859-2", "koi8-r", "macintosh", "shift_jis", "gbk", "euc-kr", "big5", "nope", "", "utf-7", null];
    const bytes = new Uint8Array([0xff, 0xfe, 0x41, 0xe4, 0x80, 0x9f, 0x42, 0x00, 0xd8]);
    const all = (label, options) => { try { const decoder = new TextDecoder(label, options); const parts = Array.from(bytes, (byte) => decoder.decode(new Uint8Array([byte]), { stream: true })); return [decoder.encoding, parts, decoder.decode(), decoder.decode(bytes), decoder.decode(bytes.subarray(2, 4))] } catch (error) { return error.name } };
    const large = new TextDecoder("utf-16le").decode(new Uint16Array(20_001).fill(0x3042));
    return [labels.map((label) => all(label)), labels.map((label) => all(label, { fatal: true })), all("utf-16le", { ignoreBOM: true }), large.length, [...new Set(large)]]`,
  ],
  [
    "global.base64",
    "edges",
    `const use = (change, text) => { try { return change(text) } catch (error) { return [error.name, error.code, error instanceof DOMException] } };
    return [["", "a", "ab", "abc", "\\u0000\\u00ff", "\\u0100", "😀", null, 12].map((text) => use(btoa, text)), ["", "YQ==", "YQ=", "YQ", "YWI=", "YWJj", " Y W\\tJ\\nj ", "Y", "YQ===", "=", "==", "Y=Q=", "YR==", "_-8=", "a-b_", "ab\\u00a0", null, 1234].map((text) => use(atob, text))]`,
  ],
  [
    "global.look",
    "names",
    `const types = "URL,URLSearchParams,Crypto,SubtleCrypto,AbortController,AbortSignal,Event,CustomEvent,EventTarget,DOMException,TextEncoder,TextDecoder".split(",");
    const things = [new URL("a:b"), new URLSearchParams(), crypto, crypto.subtle, new AbortController(), AbortSignal.abort(), new Event("a"), new CustomEvent("a"), new EventTarget(), new DOMException(), new TextEncoder(), new TextDecoder()];
    return things.map((thing, i) => [types[i], typeof globalThis[types[i]], globalThis[types[i]].name, Object.prototype.toString.call(thing), thing instanceof globalThis[types[i]], thing.constructor === globalThis[types[i]], Object.keys(globalThis).includes(types[i])])`,
  ],
];

/** The names of the web platform that programs find. */
export function testGlobals({ run, runAll, check }: Harness): void {
  for (const [id, detail, body] of SAME) {
    const compare = async (): Promise<void> => {
      const code = `await (async () => { ${body} })()`;
      const expected: unknown = await runInThisContext(`(async () => { "use strict"; ${body} })()`);

      const value = valueOf(await run(code));

      expect(value).toEqual(JSON.parse(JSON.stringify(expected)));
    };
    check(id, compare, detail);
  }
  check("global.own", async () => {
    const code =
      "const URL = 'mine'; function atob() { return 'mine' }\nclass Event {}\nglobalThis.crypto = 'mine';\n[URL, atob(), new Event() instanceof EventTarget, crypto, globalThis.URL]";

    expect(valueOf((await runAll([code]))[0])).toEqual(["mine", "mine", false, "mine", "mine"]);
  });
  check("global.polluted", async () => {
    const code = `const own = Object.getOwnPropertyNames, descriptor = Object.getOwnPropertyDescriptor;
    const uses = [() => new URL("https://a.b/?c=d").searchParams, () => new URL("x"), () => crypto.randomUUID(), () => new AbortController().abort(), () => structuredClone({ a: 1 }), () => new TextEncoder().encode("a"), () => atob("?")];
    let texts = ""; const use = () => { for (let i = 0; i < uses.length; i++) try { uses[i]() } catch (error) { texts += error.stack + error.message + error.constructor.constructor("return typeof process + typeof require")() + "; " } };
    for (const type of [Array, String, Map, WeakMap, Set, Function, RegExp, Uint8Array]) for (const name of own(type.prototype)) if (name !== "constructor" && typeof descriptor(type.prototype, name)?.value === "function") Object.defineProperty(type.prototype, name, { value() { throw new Error("replaced") } });
    use();
    texts`;
    const value = valueOf((await runAll([code]))[0]);

    expect(value).toContain("undefinedundefined");
    expect(value).not.toMatch(
      /node:|file:|\/src\/|\.ts|\.js|objectundefined|functionundefined|undefinedfunction/,
    );
  });
  check("global.deep", async () => {
    // The outer side of a global can run out of stack too: it is asked at every depth near the end.
    const code = `const errors = Array.from({ length: 20_000 }, () => null); let count = 0, levels = 0, worked = 0;
    const uses = { id: () => crypto.randomUUID(), url: () => new URL("https://a.b"), log: () => console.log("x") }; uses.id(); uses.url();
    const deep = () => { try { deep() } catch {} if (levels < 2_000) { levels += 1; try { uses.id(); worked += 1 } catch (error) { errors[count++] = error } try { uses.url() } catch (error) { errors[count++] = error } try { uses.log() } catch (error) { errors[count++] = error } } };
    deep();
    ({ count, worked, places: [...new Set(errors.slice(0, count).flatMap((error) => error.stack.split("\\n").filter((line) => !line.includes("codemode:"))))] })`;
    const value = valueOf((await runAll([code]))[0]);

    expect(value).toMatchObject({ count: expect.any(Number), worked: expect.any(Number) });
    expect(JSON.stringify(value)).not.toMatch(/node:|file:|\.ts|\.js/);
    expect(value).not.toMatchObject({ worked: 0 });
    expect(value).not.toMatchObject({ count: 0 });
  });
}
