import { expect } from "vitest";

import type { GuestToolCaller } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { toRequest } from "./requests.ts";
import { createSkillHost } from "./skill-host.ts";

const ADD = {
  source: "export const add = (a: number, b: number): number => a + b;",
  exportName: "add",
};

/** Skills as modules. */
export function testSkills(harness: Harness): void {
  testFetching(harness);
  testComposing(harness);
  testVersions(harness);
}

function testFetching({ check, run, runAll }: Harness): void {
  check("skill.absent", async () => {
    expect(valueOf(await run("typeof skills"))).toBe("undefined");
  });
  check("skill.lazy", async () => {
    const { options, fetched } = createSkillHost({ add: ADD });

    const results = await runAll(
      [
        "typeof skills",
        'import { add } from "skills/add"; [add(1, 2), (await import("skills/add")).add === add, await skills.add(3, 4)]',
      ],
      options,
    );

    expect(results.map(valueOf)).toEqual(["object", [3, true, 7]]);
    expect(fetched).toEqual(["add"]);
  });
  check("skill.import", async () => {
    const { options } = createSkillHost({
      two: { source: "export default 2; export const half = 1;" },
      "two/scripts/x": { source: 'export const x: string = "x";' },
    });

    const [result] = await runAll(
      [
        'import two, { half } from "./skills/two.ts";\nimport * as all from "skills/two";\nimport { x } from "skills/two/scripts/x.ts";\n[two, half, all.default, x, (await import("skills/two")).half]',
      ],
      options,
    );

    expect(valueOf(result)).toEqual([2, 1, 2, "x", 1]);
  });
  check("skill.unknown", async () => {
    const { options } = createSkillHost({ add: ADD });
    const codes = [
      'console.log("ran");\nimport { ad } from "skills/add";',
      'console.log("ran");\nimport x from "skills/nowhere";',
      'await import("skills/nowhere")',
    ];

    const [name, skill, dynamic] = await runAll(codes, options);

    expect([name?.logs, skill?.logs]).toEqual([[], []]);
    expect(errorOf(name)).toMatchObject({
      code: "IMPORT_NOT_FOUND",
      line: 2,
      message: 'Module "skills/add" has no export "ad". Did you mean "add"?',
    });
    expect(errorOf(skill)).toMatchObject({ phase: "check", code: "SKILL_NOT_FOUND", line: 2 });
    expect(errorOf(dynamic)).toMatchObject({ code: "SKILL_NOT_FOUND", line: 1 });
  });
}

function testComposing({ check, runAll }: Harness): void {
  check("skill.composed", async () => {
    const { options } = createSkillHost({
      add: ADD,
      whole: {
        source: `import { add } from "skills/add";
import { half } from "./lib/half.ts";
import { read } from "generated/servers/file-system";
import { parallel } from "codemode/helpers";
export { add as plus } from "skills/add";
export * from "./lib/half";
export async function whole(n: number) {
  return [add(n, 1), half(n), await read({ n }), await file_system.read({}), await tools.file_system.read({ t: 1 }),
    await tools.call("file-system.read", { c: 1 }), await skills.add({ a: n, b: 2 }), await parallel([() => 1])];
}`,
        path: "whole.ts",
        exportName: "whole",
      },
      "whole/lib/half": { source: "export const half = (n: number): number => n / 2;" },
    });
    const named = { ...ADD, names: ["a", "b"] };
    const host = createSkillHost({ add: named });

    const [result] = await runAll(
      ['import { whole, plus, half } from "skills/whole";\n[await whole(4), plus(1, 1), half(1)]'],
      options,
    );
    const [byName] = await runAll(["await skills.add({ a: 4, b: 2 })"], host.options);

    expect(valueOf(result)).toEqual([
      [5, 2, { n: 4 }, {}, { t: 1 }, { c: 1 }, "[object Object]undefined", [1]],
      2,
      0.5,
    ]);
    expect(valueOf(byName)).toBe(6);
  });
  check("skill.cycle", async () => {
    const { options } = createSkillHost({
      left: { source: 'import { b } from "skills/right";\nexport const a = b;' },
      right: { source: 'import { a } from "skills/left";\nexport const b = a;' },
      ping: { source: "export const run = () => skills.pong();", exportName: "run" },
      pong: { source: "export const run = () => skills.ping();", exportName: "run" },
      own: { source: 'import "./x";', path: "own.ts" },
      "own/x": { source: 'import "./y";', path: "x.ts" },
      "own/y": { source: 'import "./x";', path: "y.ts" },
    });

    const results = await runAll(
      ['import { a } from "skills/left"; a', "await skills.ping()", 'import "skills/own";'],
      options,
    );

    expect(results.map((result) => errorOf(result))).toMatchObject([
      { code: "SKILL_CYCLE", message: expect.stringContaining("left -> right -> left") },
      { code: "SKILL_CYCLE", message: expect.stringContaining("ping -> pong -> ping") },
      { code: "SKILL_CYCLE", message: expect.stringContaining("x.ts -> y.ts -> x.ts") },
    ]);
  });
  check("skill.depth", async () => {
    const chain = Array.from(
      { length: 18 },
      (_, index): [string, { source: string; exportName: string }] => [
        `s${index}`,
        { source: `export const run = () => skills.s${index + 1}?.() ?? 1;`, exportName: "run" },
      ],
    );
    const last = { source: 'export const run = () => "end";', exportName: "run" };
    const { options } = createSkillHost({ ...Object.fromEntries(chain), s18: last });

    const [whole, tooDeep] = await runAll(["await skills.s3()", "await skills.s1()"], options);

    expect(valueOf(whole)).toBe("end");
    expect(errorOf(tooDeep)).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("s16 -> s17"),
    });
  });
}

function testVersions({ check, runAll, sandbox }: Harness): void {
  const counter = { source: "let n = 0;\nexport const next = () => (n += 1);" };
  check("skill.state", async () => {
    const { options, fetched } = createSkillHost({ counter });
    const code = 'import { next } from "skills/counter"; next()';

    const results = await runAll([code, code], options);

    expect(results.map(valueOf)).toEqual([1, 2]);
    expect(fetched).toEqual(["counter", "counter"]);
  });
  check("skill.new-version", async () => {
    const skills = { which: { source: "export const which = 1;", id: "which@1" } };
    const { options } = createSkillHost(skills);
    const changing: GuestToolCaller = async () => {
      skills.which = { source: "export const which = 2;", id: "which@2" };
      return null;
    };
    await using session = await sandbox().openSession();
    const seen = async (code: string): Promise<unknown> =>
      valueOf(await session.execute(toRequest(code, { ...options, callTool: changing })));

    const code =
      'const { which } = await import("skills/which"); await file_system.read({}); [which, (await import("skills/which")).which]';

    expect(await seen(code)).toEqual([1, 1]);
    expect(await seen(code)).toEqual([2, 2]);
  });
  check("skill.changes", async () => {
    const { options } = createSkillHost({});
    const code = `try { await skills.fresh() } catch (e) { var before = e.code }
await skills.create("fresh", "export const run = () => 'one'");
[before, await skills.fresh()]`;

    const [result] = await runAll([code], options);

    expect(valueOf(result)).toEqual(["SKILL_NOT_FOUND", "one"]);
  });
}
