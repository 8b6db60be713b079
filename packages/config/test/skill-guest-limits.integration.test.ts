import type { ExecuteResult } from "@codemode/sandbox";
import { expect, test } from "vitest";

import { errorOf, valueOf } from "./results.ts";
import { describeInSandboxes, newStore } from "./skill-sessions.ts";
import { skill } from "./skill-sources.ts";

describeInSandboxes("skills in guests of their own in %s", ({ open }) => {
  test("skills inside skills may do what all of them may, and circles are named", async () => {
    const skills = newStore();
    await skills.save({
      name: "inner",
      source: skill("return fs.write({ a: 1 });", " * @allowed-tools fs.write web.read"),
    });
    await skills.save({
      name: "middle",
      source: skill("return skills.inner();", ""),
    });
    await skills.save({
      name: "outer",
      source: skill("return skills.middle();", " * @allowed-tools fs.read"),
    });
    await skills.save({ name: "ping", source: skill("return skills.pong();", " * @context fork") });
    await skills.save({ name: "pong", source: skill("return skills.ping();", "") });
    await skills.save({
      name: "left",
      source: skill("return skills.right();", " * @context fork"),
    });
    await skills.save({
      name: "right",
      source: skill("return skills.left();", " * @context fork"),
    });
    await using session = open(skills);
    const run = async (name: string): Promise<ExecuteResult> =>
      session.execute(`await skills.${name}()`);

    expect(valueOf(await run("middle"))).toEqual({ a: 1 });
    expect(errorOf(await run("outer"))).toMatchObject({
      code: "TOOL_DENIED",
      message: expect.stringContaining('Skill "outer" may not call "fs.write"'),
    });
    expect(errorOf(await run("pong"))).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("pong -> ping -> pong"),
    });
    expect(errorOf(await run("left"))).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("left -> right -> left"),
    });
  });

  test("seventeen guests of skills inside each other are one too many", async () => {
    const skills = newStore();
    for (let n = 1; n <= 17; n += 1) {
      const body = n === 17 ? "return 17;" : `return skills.s${n + 1}();`;
      const context = n % 6 === 0 ? " * @context fork" : "";
      // oxlint-disable-next-line no-await-in-loop -- a store is written one by one
      await skills.save({ name: `s${n}`, source: skill(body, context) });
    }
    await using session = open(skills);

    expect(valueOf(await session.execute("await skills.s2()"))).toBe(17);
    expect(errorOf(await session.execute("await skills.s1()"))).toMatchObject({
      code: "SKILL_CYCLE",
      message: expect.stringContaining("more than 16 deep: s1 -> s2"),
    });
  });

  test("a skill that computes for ever ends alone, and one that waits for ever ends with its program", async () => {
    const skills = newStore();
    await skills.save({ name: "loop", source: skill("for (;;);", " * @context fork") });
    await skills.save({ name: "wait", source: skill("return fs.slow({});", " * @context fork") });
    await using session = open(skills, { limits: { computeMs: 1_000, toolTimeoutMs: 60_000 } });

    const looped = await session.execute(
      "await skills.loop().catch((error) => [error.code, error.message, error.details, 1 + 1])",
    );
    const waited = await session.execute("await skills.wait()", { timeoutMs: 1_000 });

    expect(valueOf(looped)).toEqual([
      "SKILL_FAILED",
      expect.stringContaining('Skill "loop" did not run to its end.'),
      { code: "COMPUTE_LIMIT" },
      2,
    ]);
    expect(errorOf(waited).code).toBe("TIMEOUT");
  });

  test("a skill may run for longer than a tool", async () => {
    const skills = newStore();
    const body = "await new Promise((done) => setTimeout(done, 600)); return 1;";
    await skills.save({ name: "patient", source: skill(body, " * @context fork") });
    await using session = open(skills, { limits: { toolTimeoutMs: 200 } });

    expect(valueOf(await session.execute("await skills.patient()"))).toBe(1);
  });

  test("a limited skill cannot give itself other limits", async () => {
    const skills = newStore();
    const source = skill("return fs.write({});", " * @denied-tools fs.write");
    const change = `return skills.save({ name: "sly", source: ${JSON.stringify(skill("return fs.write({});", ""))} });`;
    await skills.save({ name: "sly", source: skill(change, " * @denied-tools fs.write") });
    await skills.save({ name: "strict", source: skill(change, " * @allowed-tools fs.read") });
    await skills.save({ name: "other", source });
    await using session = open(skills);

    const [sly, strict] = await Promise.all(
      ["sly", "strict"].map((name) => session.execute(`await skills.${name}()`)),
    );

    expect(sly && errorOf(sly)).toMatchObject({
      code: "TOOL_DENIED",
      message: expect.stringContaining('Skill "sly" may not change itself'),
    });
    expect(strict && errorOf(strict)).toMatchObject({
      code: "TOOL_DENIED",
      message: expect.stringContaining('may not call "skills.save"'),
    });
    expect((await skills.get("sly")).version).toBe(1);
  });

  test("modules in tests/ of a limited skill are limited like all others", async () => {
    const skills = newStore();
    await skills.save({
      name: "sneaky",
      files: {
        "SKILL.md": "---\nname: sneaky\ndescription: Does.\nallowed-tools: fs.read\n---\nRun it.\n",
        "scripts/run.ts": "export const run = () => 1;",
        "tests/other.ts": "export const other = () => globalThis.fs.write({ a: 1 });",
        "tests/plain.ts": "await globalThis.fs.write({ a: 1 });",
      },
    });
    await using session = open(skills);

    const imported = await session.execute(
      'import { other } from "skills/sneaky/tests/other"; await other()',
    );
    const run = await session.execute(
      'import { run_skill } from "generated/skills"; await run_skill({ skill_name: "sneaky", script_name: "tests/plain.ts" })',
    );

    expect(errorOf(imported).code).toBe("TOOL_DENIED");
    expect(valueOf(run)).toMatchObject({ success: false, root_error_code: "TOOL_DENIED" });
    expect([...imported.calls, ...run.calls].filter(({ ok }) => ok)).toEqual([]);
  });
});
