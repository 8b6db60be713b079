import { createSession } from "@codemode/session";
import { expect, test } from "vitest";

import { errorOf, valueOf } from "./results.ts";
import { describeInSandboxes, newStore } from "./skill-sessions.ts";

const GREET = `/** Greets someone by name. */
export function greet(name: string, mark: string = "!"): string {
  return "Hello " + name + mark;
}`;

const version = (n: number): string =>
  `/** Tells its version. */\nexport const which = (): number => ${n};`;

describeInSandboxes("skills in %s", ({ open, registry, sandbox }) => {
  test("a program saves a skill, and the next session imports, calls and runs it", async () => {
    const skills = newStore();
    await using first = open(skills);
    const saved = await first.execute(
      `const made = await skills.create("greet", ${JSON.stringify(GREET)}, "Greets people");
      [made, await skills.greet({ name: "you" })]`,
    );
    expect(valueOf(saved)).toMatchObject([
      { name: "greet", version: 1, status: "active", signature: expect.stringContaining("greet(") },
      "Hello you!",
    ]);

    await using second = open(skills);
    const used = await second.execute(`import { greet } from "skills/greet";
      import { run_skill, list_skills, load_skill } from "generated/skills";
      const { source, parameters } = await skills.get("greet");
      [greet("a"), await skills.greet("b", "?"), await skills.invoke("greet", { name: "c" }),
        (await run_skill({ skill_name: "greet", args: { name: "d" } })).output,
        (await skills.list()).map((one) => one.name), (await list_skills({})).length,
        (await skills.search("greet someone")).map((one) => one.name),
        source.includes("Hello"), parameters.required, (await load_skill({ skill_name: "greet" })).includes("skills.greet")]`);

    expect(valueOf(used)).toEqual([
      "Hello a!",
      "Hello b?",
      "Hello c!",
      "Hello d!",
      ["greet"],
      1,
      ["greet"],
      true,
      ["name"],
      true,
    ]);
  });

  test("skills compose skills, tools and their own files, with scripts and resources", async () => {
    const skills = newStore();
    await skills.save({ name: "greet", source: GREET });
    await skills.save({
      name: "batch-greet",
      files: {
        "SKILL.md": "---\nname: batch-greet\ndescription: Greets many.\n---\nRun it with names.\n",
        "scripts/run.ts": `import { greet } from "skills/greet";
import { MARK } from "../lib/marks.ts";
import { parallel } from "codemode/helpers";
/** Greets all names. */
export async function run(input: { names: string[] }): Promise<string[]> {
  await fs.write({ path: "log", text: input.names.join() });
  return parallel(input.names.map((name) => async () => greet(name, MARK)), { limit: 2 });
}`,
        "scripts/count.js":
          "console.log('counting');\nexport default (input) => Object.keys(input).length;",
        "lib/marks.ts": 'export const MARK: string = "?!";',
        "references/names.md": "Ada, Bob",
      },
    });
    await using session = open(skills);

    const result = await session.execute(`
      import { run_skill, read_skill_resource } from "generated/skills";
      import { run } from "skills/batch-greet/scripts/run";
      const counted = await run_skill({ skill_name: "batch-greet", script_name: "count.py", args: { a: 1 } });
      [await run({ names: ["x"] }), (await run_skill({ skill_name: "batch_greet", script_name: "run", args: { names: ["y"] } })).output,
        counted.output, counted.stdout, await read_skill_resource({ skill_name: "batch-greet", resource_name: "names.md" })]`);

    expect(valueOf(result)).toEqual([["Hello x?!"], ["Hello y?!"], 1, "counting\n", "Ada, Bob"]);
    expect(result.calls.map(({ tool }) => tool)).toEqual(["fs.write", "fs.write"]);
  });

  test("errors name the skill's own line, and what is missing says what there is", async () => {
    const skills = newStore();
    await skills.save({
      name: "thrower",
      source: `/** Throws. */\ninterface Row { n: number }\n\nexport function thrower(row: Row): never {\n  throw new RangeError("row " + row.n);\n}`,
    });
    await using session = open(skills);

    const thrown = errorOf(await session.execute("const a = 1;\nawait skills.thrower({ n: 3 });"));
    expect(thrown).toMatchObject({
      name: "RangeError",
      message: "row 3",
      line: 2,
      origin: { module: "skills/thrower", line: 5 },
      hints: expect.arrayContaining(["It was thrown in skills/thrower, line 5."]),
    });
    const ran = await session.execute(
      'import { run_skill } from "generated/skills";\nawait run_skill({ skill_name: "thrower", args: { n: 1 } })',
    );
    expect(valueOf(ran)).toMatchObject({
      success: false,
      code_error: { name: "RangeError", traceback: expect.stringContaining("skills/thrower:5:") },
    });

    const missing = await Promise.all(
      [
        '1;\nimport { thrower } from "skills/throwr";',
        '1;\nimport { throwe } from "skills/thrower";',
        "1;\nawait skills.throwr();",
        "1;\nawait skills.thrower({});",
      ].map((code) => session.execute(code)),
    );
    expect(missing.map((result) => errorOf(result))).toMatchObject([
      {
        code: "SKILL_NOT_FOUND",
        phase: "check",
        line: 2,
        message: expect.stringContaining("thrower"),
      },
      {
        code: "IMPORT_NOT_FOUND",
        line: 2,
        message: expect.stringContaining('Did you mean "thrower"?'),
      },
      { code: "SKILL_NOT_FOUND", line: 2, message: expect.stringContaining("thrower") },
      { code: "INVALID_ARGUMENTS", line: 2, message: expect.stringContaining("n is missing") },
    ]);
  });

  test("the next execution sees a changed skill", async () => {
    const skills = newStore();
    await skills.save({ name: "which", source: version(1) });
    await using session = open(skills, { defaultGuest: "shared" });
    const code = 'import { which } from "skills/which"; [which(), await skills.which()]';

    expect(valueOf(await session.execute(code))).toEqual([1, 1]);
    await skills.save({ name: "which", source: version(2) });
    expect(valueOf(await session.execute(code))).toEqual([2, 2]);
    expect(valueOf(await session.execute("await skills.which()"))).toBe(2);
    await skills.rollback("which", 1);
    expect(valueOf(await session.execute(code))).toEqual([1, 1]);
  });

  test("hooks of a skill run around its entry", async () => {
    const skills = newStore();
    await skills.save({
      name: "hooked",
      files: {
        "SKILL.md":
          "---\nname: hooked\ndescription: Has hooks.\nhooks:\n  before-invoke: lib/hooks.ts#before\n  on-error: lib/hooks.ts#failed\n---\nRun it.\n",
        "scripts/hooked.ts":
          "export function hooked(input: { fail?: boolean }) { if (input.fail) throw new Error('broken'); return 1; }",
        "lib/hooks.ts":
          "export function before(event) { console.log('before', event.args); }\nexport function failed(event) { console.log(event.error.message); }",
      },
    });
    const { hooks, entry } = await skills.get("hooked");
    expect([hooks.beforeInvoke?.exportName, entry?.exportName]).toEqual(["before", "hooked"]);
    await using session = open(skills);

    const well = await session.execute("await skills.hooked({})");
    const badly = await session.execute("await skills.hooked({ fail: true })");

    expect([valueOf(well), well.logs.map(({ text }) => text)]).toEqual([1, ["before {}"]]);
    expect([errorOf(badly).message, badly.logs.at(-1)?.text]).toEqual(["broken", "broken"]);
  });

  test("a session without skills has none of it", async () => {
    await using session = createSession({ registry, sandbox });

    const results = await Promise.all(
      ["typeof skills", 'import "generated/skills"'].map((code) => session.execute(code)),
    );

    expect(results[0]).toMatchObject({ ok: true, value: "undefined" });
    expect(results[1]?.ok).toBe(false);
  });
});
