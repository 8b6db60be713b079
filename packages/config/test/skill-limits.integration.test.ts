import type { ExecuteResult } from "@codemode/sandbox";
import type { AuditRecord } from "@codemode/session";
import { expect, test } from "vitest";

import { errorOf, valueOf } from "./results.ts";
import { describeInSandboxes, newStore } from "./skill-sessions.ts";

const calls = (tool: string): string => `export const run = async () => ${tool}({ a: 1 });`;

describeInSandboxes("skills in %s", ({ open }) => {
  test("allowed-tools and denied-tools hold while a skill runs, for what it uses too", async () => {
    const skills = newStore();
    await skills.save({
      name: "reader",
      source: `/** Reads. */\nexport const run = async () => Promise.all([fs.read({ n: 1 }), tools.call("fs__read", { n: 2 })]);`,
      allowedTools: ["fs.read"],
    });
    await skills.save({
      name: "writer",
      source: `/** Writes. */\n${calls("fs.write")}`,
      allowedTools: ["fs.*", "web"],
    });
    await skills.save({
      name: "careful",
      source: `/** Is careful. */\n${calls("web.write")}`,
      deniedTools: ["web.write"],
    });
    await skills.save({
      name: "outer",
      source: `/** Uses writer. */\nimport { run as write } from "skills/writer";\nexport const run = () => write();`,
      allowedTools: ["fs.read"],
    });
    await skills.save({
      name: "caller",
      source: `/** Calls writer. */\nexport const run = async () => { await null; return skills.writer(); };`,
      deniedTools: ["fs"],
    });
    await using session = open(skills);
    const run = (code: string): Promise<ExecuteResult> => session.execute(code);

    expect(valueOf(await run("await skills.reader()"))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(valueOf(await run("await skills.writer()"))).toEqual({ a: 1 });
    const refused = await Promise.all(
      ["careful", "outer", "caller"].map((name) => run(`await skills.${name}()`)),
    );

    expect(refused.map((result) => errorOf(result))).toMatchObject([
      {
        code: "TOOL_DENIED",
        phase: "policy",
        tool: "web.write",
        message: expect.stringContaining('Skill "careful" may not call "web.write"'),
      },
      { code: "TOOL_DENIED", message: expect.stringContaining('Skill "outer"') },
      { code: "TOOL_DENIED", message: expect.stringContaining('Skill "caller"') },
    ]);
    expect(refused.flatMap(({ calls: made }) => made)).toMatchObject([
      { tool: "web.write", ok: false, errorCode: "TOOL_DENIED" },
      { tool: "fs.write", ok: false, errorCode: "TOOL_DENIED" },
      { tool: "fs.write", ok: false, errorCode: "TOOL_DENIED" },
    ]);
    expect(valueOf(await run("await web.write({ mine: true })"))).toEqual({ mine: true });
  });

  test("a record of a call names the skill that made it, a refused one among them", async () => {
    const skills = newStore();
    await skills.save({
      name: "reader",
      source: `/** Reads. */\nexport const run = async () => { await fs.read({}); await web.read({}); };`,
      deniedTools: ["web"],
    });
    await skills.save({
      name: "outer",
      source: `/** Reads too. */\nimport { run as read } from "skills/reader";\nexport const run = async () => { await fs.write({}); await read(); };`,
    });
    const audited: AuditRecord[] = [];
    await using session = open(skills, { onAudit: (record) => audited.push(record) });

    const result = await session.execute("await web.read({ mine: 1 }); await skills.outer();");

    const records = [
      { tool: "web.read", ok: true },
      { tool: "fs.write", ok: true, skill: "outer" },
      { tool: "fs.read", ok: true, skill: "reader" },
      { tool: "web.read", ok: false, errorCode: "TOOL_DENIED", skill: "reader" },
    ];
    expect(errorOf(result)).toMatchObject({ code: "TOOL_DENIED" });
    expect(result.calls).toMatchObject(records);
    expect(result.calls[0]).not.toHaveProperty("skill");
    expect(audited.filter(({ type }) => type === "tool_call")).toMatchObject(records);
  });

  test("calls of skills count against the program's budget", async () => {
    const skills = newStore();
    await skills.save({
      name: "two",
      source:
        "/** Calls twice. */\nexport const run = async () => { await fs.read({}); await fs.read({}); };",
    });
    await using session = open(skills, { maxToolCalls: 3 });

    const result = await session.execute("await skills.two(); await skills.two();");

    expect(errorOf(result)).toMatchObject({ code: "TOOL_LIMIT" });
    expect(result.calls).toHaveLength(4);
  });
});
