import { expect, test } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

/** What becomes of errors. */
export function testErrors({ run, runAll, verifies }: Harness): void {
  test(verifies("error.thrown"), async () => {
    expect(errorOf(await run('const a = 1;\nthrow new RangeError("too far");'))).toMatchObject({
      phase: "run",
      code: "GUEST_ERROR",
      name: "RangeError",
      message: "too far",
      line: 2,
      frame: expect.stringContaining('> 2 | throw new RangeError("too far");'),
    });
  });
  test(verifies("error.nested-function"), async () => {
    expect(errorOf(await run("function f(x) {\n  return x.y.z;\n}\n\nf({});"))).toMatchObject({
      name: "TypeError",
      line: 2,
    });
  });
  test(verifies("error.typescript-lines"), async () => {
    const code =
      "interface A {\n  a: string;\n}\ntype B = A;\nenum E {\n  X,\n}\nconst b: B | undefined = undefined;\nb!.a;";
    expect(errorOf(await run(code))).toMatchObject({ line: 9, column: 4 });
  });
  test(verifies("error.syntax"), async () => {
    expect(errorOf(await run("const a = 1;\nconst b = ;"))).toMatchObject({
      phase: "compile",
      code: "SYNTAX_ERROR",
      line: 2,
      column: 11,
    });
  });
  test(verifies("error.non-error"), async () => {
    expect(errorOf(await run('throw "plain text"')).message).toContain("plain text");
    expect(errorOf(await run("throw null")).message).toContain("null");
    expect(errorOf(await run("throw { message: 'an object' }")).message).toContain("an object");
  });
  test(verifies("error.rejection"), async () => {
    expect(errorOf(await run('await Promise.reject(new Error("refused"))')).message).toBe(
      "refused",
    );
  });
  test(verifies("error.unhandled-rejection"), async () => {
    const result = await run('Promise.reject(new Error("left alone")); 1');

    expect(valueOf(result)).toBe(1);
    expect(result.warnings).toMatchObject([
      { code: "UNHANDLED_REJECTION", message: expect.stringContaining("left alone") },
    ]);
  });
  test(verifies("error.after-failure"), async () => {
    const results = await runAll(["null.x", "const b = ;", "import { x } from 'nowhere'", "1 + 1"]);

    expect(valueOf(results.at(-1))).toBe(2);
  });
  test(verifies("error.no-host-paths"), async () => {
    const thrown = await run("null.x");
    const stack = await run("new Error('x').stack");

    expect(JSON.stringify([thrown, stack])).not.toMatch(
      /file:\/\/|node:|node_modules|\/(?:home|root|tmp|usr|work)\//,
    );
  });
  test(verifies("error.hostile-message"), async () => {
    const error = errorOf(
      await run(
        "throw { get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 } }",
      ),
    );

    expect(error.code).toBe("GUEST_ERROR");
  });
  test(verifies("error.prepare-stack"), async () => {
    const [error, after] = await runAll([
      "Error.prepareStackTrace = () => { throw new Error('again') };\nnull.x",
      "1",
    ]);

    expect(errorOf(error).message).toContain("null");
    expect(valueOf(after)).toBe(1);
  });
}
