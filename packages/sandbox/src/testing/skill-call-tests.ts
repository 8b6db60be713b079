import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { createSkillHost } from "./skill-host.ts";

/** Skills as functions. */
export function testSkillCalls(harness: Harness): void {
  testCalling(harness);
  testMarks(harness);
  testRunning(harness);
}

const NAMED = {
  source:
    "export const join = (a: string, b = '-', ...rest: string[]) => [a, b, ...rest].join('');",
  exportName: "join",
  names: ["a", "b", "rest"],
  rest: true,
  parameters: {
    type: "object",
    properties: {
      a: { type: "string" },
      b: { type: "string" },
      rest: { type: "array", items: { type: "string" } },
    },
    required: ["a"],
    additionalProperties: false,
  },
  signature: "join(a: string, b?: string, ...rest: string[])",
};

function testCalling({ check, runAll }: Harness): void {
  check("skill.call", async () => {
    const { options } = createSkillHost({
      echo: {
        source: "export default async (input: unknown) => ({ got: input });",
        exportName: "default",
      },
    });

    const [result] = await runAll(
      [
        '[await skills.echo({ n: 1 }), await skills.invoke("echo", [2]), await skills["echo"]("x"), typeof skills.then]',
      ],
      options,
    );

    expect(valueOf(result)).toEqual([{ got: { n: 1 } }, { got: [2] }, { got: "x" }, "undefined"]);
  });
  check("skill.arguments", async () => {
    const { options } = createSkillHost({ join: NAMED });

    const [result] = await runAll(
      [
        '[await skills.join({ a: "x" }), await skills.join({ rest: ["1", "2"], b: "+", a: "x" }), await skills.join("p", "q", "r")]',
      ],
      options,
    );

    expect(valueOf(result)).toEqual(["x-", "x+12", "pqr"]);
  });
  check("skill.wrong-arguments", async () => {
    const { options } = createSkillHost({ join: NAMED });

    const [missing, unknown, ...wrong] = await runAll(
      [
        'await skills.join({ b: "x" })',
        'await skills.join({ a: "x", c: 2 })',
        "await skills.join({ a: 1 })",
        'await skills.join("x", null)',
        'await skills.join("x", "y", "z", { n: 1 })',
      ],
      options,
    );

    expect(errorOf(missing)).toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: `Wrong arguments for skill "join": a is missing. Call it as: ${NAMED.signature}`,
    });
    expect(errorOf(unknown).message).toContain('there is no "c"');
    expect(wrong.map((result) => errorOf(result).message.replace(/\. Call it.*/, ""))).toEqual([
      'Wrong arguments for skill "join": a must be string, not the number 1',
      'Wrong arguments for skill "join": b must be string, not null',
      'Wrong arguments for skill "join": rest[1] must be string, not an object',
    ]);
  });
  check("skill.questions", async () => {
    const { options } = createSkillHost({});

    const [result] = await runAll(
      [
        'import { list_skills, listSkills } from "generated/skills";\n[await skills.list(), await skills.search("x", { limit: 2 }), await skills.get("x"), await skills.delete("x"), await list_skills({ tags: ["a"] }), list_skills === listSkills]',
      ],
      options,
    );

    expect(valueOf(result)).toEqual([
      [],
      ["x", { limit: 2 }],
      ["x"],
      ["x"],
      [{ tags: ["a"] }],
      true,
    ]);
  });
  check("skill.hooks", async () => {
    const { options } = createSkillHost({
      hooked: {
        source:
          "export const run = (fail: boolean) => { if (fail) throw new Error('broken'); return 'done'; };",
        exportName: "run",
        names: ["fail"],
        hooks: {
          beforeInvoke: ["h.ts", "before"],
          afterInvoke: ["h.ts", "after"],
          onError: ["h.ts", "failed"],
        },
      },
      "hooked/h.ts": {
        source: `export const before = ({ skill, args }) => console.log("before", skill, args);
export const after = ({ value }) => console.log("after", value);
export const failed = ({ error }) => { console.log("failed", error.message); throw new Error("worse"); };`,
      },
    });

    const [well, badly] = await runAll(
      ["await skills.hooked({})", "await skills.hooked({ fail: true })"],
      options,
    );

    expect(valueOf(well)).toBe("done");
    expect(well?.logs.map(({ text }) => text)).toEqual(["before hooked {}", "after done"]);
    expect(errorOf(badly).message).toBe("broken");
    expect(badly?.logs.at(-1)?.text).toBe("failed broken");
  });
}

function testMarks({ check, runAll }: Harness): void {
  check("skill.marked", async () => {
    const { options, calls } = createSkillHost({
      outer: {
        source: `import { inner } from "skills/inner";
export const run = async () => {
  await null;
  await Promise.all([1, 2].map(async (n) => { await file_system.read({ n }); await inner(n); }));
};`,
        exportName: "run",
      },
      inner: {
        source:
          'import * as fs from "generated/mcp/file_system";\nexport const inner = (n: number) => fs.read.raw({ inner: n });',
      },
    });

    await runAll(["await Promise.all([skills.outer(), file_system.read({ n: 0 })])"], options);

    const marks = calls.map(({ args, skills }) => [args, skills ?? ""]);
    expect(marks).toHaveLength(5);
    expect(marks).toEqual(
      expect.arrayContaining([
        [{ n: 0 }, ""],
        [{ n: 1 }, "outer@1"],
        [{ n: 2 }, "outer@1"],
        [{ inner: 1 }, "outer@1>inner@1"],
        [{ inner: 2 }, "outer@1>inner@1"],
      ]),
    );
  });
  check("skill.refused", async () => {
    const { options } = createSkillHost({
      careful: {
        source: "export const run = () => file_system.read_all({});",
        exportName: "run",
      },
    });

    const [mine, theirs] = await runAll(
      ["await file_system.read_all({ n: 1 })", "await skills.careful()"],
      options,
    );

    expect(valueOf(mine)).toEqual({ n: 1 });
    expect(errorOf(theirs)).toMatchObject({ code: "TOOL_DENIED", phase: "policy", line: 1 });
  });
  check("skill.error-place", async () => {
    const { options } = createSkillHost({
      thrower: {
        source:
          'interface Unused { a: string }\n\nexport const run = (): never => {\n  throw new RangeError("too far");\n};',
        exportName: "run",
      },
    });

    const [result] = await runAll(["const a = 1;\nawait skills.thrower();"], options);

    expect(errorOf(result)).toMatchObject({
      name: "RangeError",
      origin: { module: "skills/thrower", line: 4, frame: expect.stringContaining("too far") },
      hints: expect.arrayContaining(["It was thrown in skills/thrower, line 4."]),
    });
  });
}

function testRunning({ check, runAll }: Harness): void {
  check("skill.run", async () => {
    const { options } = createSkillHost({
      report: {
        source:
          'let n = 0;\nconsole.log("once");\nexport const run = ({ who }) => { n += 1; console.log("hi", who); console.error("warned"); return { n }; };',
        exportName: "run",
      },
      "report/print.ts": { source: 'console.log("printed", { a: 1 });' },
    });

    const [result] = await runAll(
      [
        'import { run_skill, runSkillScript } from "generated/skills";\n[await run_skill({ skill_name: "report", args: { who: "you" } }), await run_skill({ skill_name: "report", args: [{ who: "me" }] }), await runSkillScript({ skill_name: "report", script_name: "print.ts" })]',
      ],
      options,
    );

    const rest = {
      success: true,
      execution_ok: true,
      execution_error: null,
      code_error: null,
      exit_code: 0,
      root_error_code: null,
      failure_reason: null,
      recovery_hint: null,
      error: null,
    };
    expect(valueOf(result)).toEqual([
      { ...rest, output: { n: 1 }, stdout: "once\nhi you\n", stderr: "warned\n" },
      { ...rest, output: { n: 1 }, stdout: "once\nhi me\n", stderr: "warned\n" },
      { ...rest, output: "printed { a: 1 }\n", stdout: "printed { a: 1 }\n", stderr: "" },
    ]);
    expect(result?.logs).toEqual([]);
  });
  check("skill.run-failed", async () => {
    const { options } = createSkillHost({
      join: NAMED,
      broken: {
        source: 'export const run = () => { console.log("so far"); throw new TypeError("no"); };',
        exportName: "run",
      },
    });

    const [result] = await runAll(
      [
        'import { run_skill } from "generated/skills";\n[await run_skill({ skill_name: "broken" }), await run_skill({ skill_name: "join" }), await run_skill({ skill_name: "nowhere" }), await run_skill()]',
      ],
      options,
    );

    expect(valueOf(result)).toMatchObject([
      {
        success: false,
        output: null,
        stdout: "so far\n",
        execution_ok: true,
        code_error: { name: "TypeError", value: "no", traceback: "traceback" },
        exit_code: 1,
        root_error_code: "TypeError",
        failure_reason: "TypeError: no",
        error: "no",
      },
      {
        exit_code: 2,
        root_error_code: "INVALID_ARGUMENTS",
        recovery_hint: expect.stringContaining("load_skill"),
      },
      {
        execution_ok: false,
        code_error: null,
        root_error_code: "SKILL_NOT_FOUND",
        execution_error: expect.stringContaining("nowhere"),
      },
      { execution_ok: false, exit_code: 2, root_error_code: "INVALID_ARGUMENTS" },
    ]);
  });
}
