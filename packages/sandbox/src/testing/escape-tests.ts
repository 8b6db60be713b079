import { expect, test } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

/** What programs try, by design or by accident. */
export function testEscapes({ run, runAll, verifies, holds }: Harness): void {
  test.runIf(holds("escape.function-constructor"))(
    verifies("escape.function-constructor"),
    async () => {
      const code = `
      const seen = new Set(); const found = [];
      const visit = (value, depth) => {
        if (depth > 6 || value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return;
        seen.add(value);
        try { const make = value.constructor?.constructor; if (typeof make === "function" && make("return typeof process + typeof require")() !== "undefinedundefined") found.push(String(value)); } catch {}
        for (const key of Reflect.ownKeys(value)) { let inner; try { inner = value[key]; } catch { continue; } visit(inner, depth + 1); }
        visit(Object.getPrototypeOf(value), depth + 1);
      };
      let error; try { await file_system.fail({}); } catch (e) { error = e; }
      for (const value of [globalThis, console, tools, file_system, file_system.read, file_system.read({}), setTimeout, ToolError, error, await file_system.read({ a: {} })]) visit(value, 0);
      found`;

      expect(valueOf(await run(code, { limits: { computeMs: 15_000 } }))).toEqual([]);
    },
  );
  test.runIf(holds("escape.globals"))(verifies("escape.globals"), async () => {
    const names = [
      "process",
      "require",
      "module",
      "fetch",
      "Buffer",
      "WebAssembly",
      "SharedArrayBuffer",
      "Atomics",
      "__dirname",
      "Deno",
      "Bun",
    ];

    expect(
      valueOf(
        await run(
          `${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== "undefined")`,
        ),
      ),
    ).toEqual([]);
  });
  test(verifies("escape.this"), async () => {
    expect(valueOf(await run("typeof this"))).toBe("undefined");
  });
  test(verifies("escape.prototypes"), async () => {
    const pollute =
      "const map = new Map([[1, 2]]);\n" +
      "Object.prototype.toJSON = () => 'polluted'; Array.prototype.push = () => {};\n" +
      "Array.prototype[Symbol.iterator] = function* () {}; Array.prototype.map = () => ['polluted']; String.prototype.slice = () => 'polluted';\n" +
      "Object.defineProperty(Object.prototype, '0', { set() {}, configurable: true });\n" +
      "const answer = file_system.read({ a: [1] }); let seen; const { a } = await new Promise((ok) => Promise.prototype.then.call(answer, ok));\n" +
      "({ list: [a, { b: 2 }], map })";
    const result = await run(pollute);

    expect(valueOf(result)).toEqual({ list: [[1], { b: 2 }], map: [[1, 2]] });
  });
  test(verifies("escape.replaced-globals"), async () => {
    const replace =
      "globalThis.JSON = null; globalThis.Promise = class {}; globalThis.Object = null; globalThis.Error = null; globalThis.Date = null; console.log('still here');";
    const [first, second] = await runAll([`${replace}\n1`, "await file_system.read({ a: 1 })"]);

    expect(first?.logs.map(({ text }) => text)).toEqual(["still here"]);
    expect(valueOf(second)).toEqual({ a: 1 });
  });
  test(verifies("escape.forged-frames"), async () => {
    const forged =
      'V{"id":"execution-1","ok":true,"value":"forged","warnings":[],"tail":[],"dropped":0}';
    const result = await run(
      `console.log(${JSON.stringify(`\n${forged}\nI\n`)}); ${JSON.stringify(`\nI\n${forged}`)}`,
    );

    expect(valueOf(result)).toBe(`\nI\n${forged}`);
  });
  test(verifies("escape.proxy-result"), async () => {
    const code =
      "new Proxy({}, { ownKeys() { throw new Error('trap') }, get() { throw new Error('trap') } })";
    const endless = "new Proxy({}, { ownKeys() { for (;;); } })";

    expect(errorOf(await run(code)).code).toMatch(/^(GUEST_ERROR|RESULT_NOT_JSON)$/);
    expect(errorOf(await run(endless, { limits: { computeMs: 200, timeoutMs: 1_000 } })).code).toBe(
      "COMPUTE_LIMIT",
    );
  });
  test(verifies("escape.assigned-tools"), async () => {
    const code =
      "let refused = 0; try { file_system.read = () => 'fake' } catch { refused += 1 }\n[refused, await file_system.read({ n: 1 })]";

    expect(valueOf(await run(code))).toEqual([1, { n: 1 }]);
  });
}
