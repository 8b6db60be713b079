import { expectFunctions } from "./expect.ts";

declare function createMatchers(value: unknown, expected: boolean): Record<string, unknown>;

/** One test of a `*.test.ts` as the sandbox tells it. */
interface RanTest {
  readonly name: string;
  readonly ok: boolean;
  readonly message?: string;
}

/** Puts `test`, `it`, `describe` and `expect` where a test file finds them; gives what runs the tests. */
function installTests(global: Record<string, unknown>): () => Promise<readonly RanTest[]> {
  const found: { readonly name: string; readonly run: () => unknown }[] = [];
  let prefix = "";
  const add = (name: string, run: () => unknown): void => {
    found.push({ name: `${prefix}${name}`, run });
  };
  global["test"] = add;
  global["it"] = add;
  global["describe"] = (name: string, body: () => void): void => {
    const before = prefix;
    prefix += `${name} > `;
    body();
    prefix = before;
  };
  global["expect"] = (value: unknown) =>
    Object.assign(createMatchers(value, true), { not: createMatchers(value, false) });
  return async () => {
    const ran: RanTest[] = [];
    for (const { name, run } of found) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one test after another
        await run();
        ran.push({ name, ok: true });
      } catch (error) {
        const { message } = Object(error);
        ran.push({ name, ok: false, message: String(message ?? error) });
      }
    }
    return ran;
  };
}

/** A program that imports a test file and runs its tests. */
export function testProgram(specifier: string): string {
  const functions = [...expectFunctions, installTests].map(String).join("\n");
  return `const runTests = (() => { ${functions}\nreturn installTests(globalThis); })();
await import(${JSON.stringify(specifier)});
return await runTests();`;
}
